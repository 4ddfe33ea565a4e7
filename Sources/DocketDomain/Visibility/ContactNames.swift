/// What contacts called what an event tells, when it happened.
///
/// They cannot read a policy, so that whatever tells them a key tells them its name.
package struct ContactNames: Hashable, Sendable {
    /// The status that the event brings its request into.
    package let status: String?
    /// The topic that the event gives its request.
    package let topic: String?

    /// Names nothing, or what an event tells.
    package init(status: String? = nil, topic: String? = nil) {
        self.status = status
        self.topic = topic
    }
}

extension Policy {
    /// What an audience calls a status; its key where the policy no longer has it.
    package func name(ofStatus key: StatusKey, for audience: Audience) -> String {
        guard let status = status(key) else { return key }
        return audience == .staff ? status.name : status.contactName ?? status.name
    }

    /// What an audience calls a topic; its key where the policy no longer has it.
    package func name(ofTopic key: TopicKey, for audience: Audience) -> String {
        guard let topic = topic(key) else { return key }
        return audience == .staff ? topic.name : topic.contactName ?? topic.name
    }

    /// Whether contacts see a field.
    package func showsContact(field key: FieldKey) -> Bool {
        field(key)?.isVisibleToContact ?? false
    }
}
