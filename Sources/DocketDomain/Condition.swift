/// What a condition looks at.
package enum ConditionSubject: Hashable, Sendable {
    /// The kind's word.
    case kind
    /// The origin's word.
    case origin
    /// The channel's key.
    case channel
    /// The category's word.
    case category
    /// The topic's key; a topic includes those below it.
    case topic
    /// The type's key.
    case type
    /// The priority's key.
    case priority
    /// Each tag.
    case tag
    /// `internal` or `external`.
    case visibility
    /// `somebody` or `nobody`.
    case assignee
    /// `live` or `quiet`: on a channel without a time of silence no chat is live.
    case chat
    /// A field's value as text.
    case field(FieldKey)
}

/// What has to be so for a transition to be followed: a tree of comparisons.
package indirect enum Condition: Hashable, Sendable {
    /// Every one holds.
    case all([Condition])
    /// At least one holds.
    case any([Condition])
    /// None holds.
    case none([Condition])
    /// What is looked at has one of these values.
    case matches(ConditionSubject, [String])

    /// How deep a tree may be: deeper ones are not understood by people either.
    package static let deepest = 8

    /// Whether it holds for a request.
    package func holds(for request: SupportRequest, under policy: Policy) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(for: request, under: policy) }
        case .any(let parts): parts.contains { $0.holds(for: request, under: policy) }
        case .none(let parts): !parts.contains { $0.holds(for: request, under: policy) }
        case .matches(let subject, let values):
            subject.values(of: request, under: policy).contains { values.contains($0) }
        }
    }
}

extension ConditionSubject {
    /// What a request has there.
    func values(of request: SupportRequest, under policy: Policy) -> [String] {
        let details = request.details
        switch self {
        case .kind: return [details.kind.word]
        case .origin: return [details.origin.word]
        case .channel: return [request.channel]
        case .category: return ["\(request.category)"]
        case .topic: return details.topic.map(policy.path(ofTopic:)) ?? []
        case .type: return details.type.map { [$0] } ?? []
        case .priority: return details.priority.map { [$0] } ?? []
        case .tag: return details.tags
        case .visibility: return [details.isInternal ? "internal" : "external"]
        case .assignee: return [request.assignee == nil ? "nobody" : "somebody"]
        case .chat:
            let canBeLive = policy.channel(request.channel)?.inactiveAfter != nil
            return [request.session != nil && canBeLive ? "live" : "quiet"]
        case .field(let key): return details.fields[key]?.texts ?? []
        }
    }
}
