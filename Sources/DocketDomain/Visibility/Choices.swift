/// What a principal may choose of what the policy has.
///
/// A refusal names nothing else, and treats what somebody may not choose like what there is not.
extension Policy {
    /// The channels on which a principal may open conversations or requests, in the policy's order.
    package func channels(openTo principal: Principal) -> [Channel] {
        channels.filter(principal.mayOpen)
    }

    /// The topics that an audience may give a request: a topic that is for its members only is the
    /// staff's to give.
    package func topics(offeredTo audience: Audience) -> [Topic] {
        content.topics.filter { audience == .staff || !$0.isForMembersOnly }
    }

    /// The types that a request of a topic may have.
    package func types(ofTopic key: TopicKey?) -> [TypeKey] {
        let own = key.flatMap(topic)?.types ?? []
        return own.isEmpty ? content.types.map(\.key) : own
    }

    /// The fields that an audience may fill.
    package func fields(offeredTo audience: Audience) -> [FieldDefinition] {
        content.fields.filter { audience == .staff || $0.isVisibleToContact }
    }
}

extension Principal {
    /// Whether the principal may open conversations or requests on a channel.
    ///
    /// Contacts and the staff may on any, an integration on its own, and a partner on those that
    /// are made for programs.
    package func mayOpen(_ channel: Channel) -> Bool {
        switch identity {
        case .contact, .agent, .desk: true
        case .integration(_, let served): served == channel.key
        case .partner: channel.kind == .api
        }
    }
}
