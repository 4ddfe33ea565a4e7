/// As whom somebody acts on a request; one person can be several, such as a supervisor who has it.
package struct ActorSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The agent who has the request.
    package static let assignee = ActorSet(rawValue: 1)
    /// Any agent.
    package static let agent = ActorSet(rawValue: 2)
    /// Any supervisor.
    package static let supervisor = ActorSet(rawValue: 4)
    /// Any administrator.
    package static let administrator = ActorSet(rawValue: 8)
    /// The contact whose request it is, or the integration that speaks for the contact.
    package static let contact = ActorSet(rawValue: 16)
    /// Another company's system.
    package static let partner = ActorSet(rawValue: 32)
    /// The desk itself, when a timer fires.
    package static let timer = ActorSet(rawValue: 64)

    /// Every actor with the word for it in documents, in the order in which people list them.
    package static let words: [(word: String, actor: ActorSet)] = [
        ("assignee", .assignee), ("agent", .agent), ("supervisor", .supervisor),
        ("administrator", .administrator), ("contact", .contact), ("partner", .partner),
        ("timer", .timer),
    ]

    /// Everybody of the staff.
    package static let staff: ActorSet = [.assignee, .agent, .supervisor, .administrator]

    /// The words for the actors in the set.
    package var words: [String] { Self.words.filter { contains($0.actor) }.map(\.word) }
}

extension Principal {
    /// As whom the principal acts on a request that an agent has, or nobody.
    package func actors(on assignee: AgentID?) -> ActorSet {
        switch identity {
        case .contact, .integration: return .contact
        case .partner: return .partner
        case .desk: return .timer
        case .agent(let id, let role):
            var actors: ActorSet = .agent
            if id == assignee { actors.insert(.assignee) }
            if role >= .supervisor { actors.insert(.supervisor) }
            if role >= .administrator { actors.insert(.administrator) }
            return actors
        }
    }
}

/// What somebody does with a request beside changing its status, so far as a policy may say who.
package enum WorkAction: String, Hashable, Sendable, CaseIterable {
    /// Taking a request that nobody has.
    case take
    /// Giving a request to another agent, or to nobody.
    case assign
    /// Answering the contact in a request that another agent has.
    case answer
    /// Writing internal comments.
    case note
    /// Changing title, topic, type, priority, fields, tags, watchers and participants.
    case edit
    /// Merging, and merging back into the previous request.
    case merge
    /// Splitting messages off.
    case split
    /// Linking and unlinking.
    case link
    /// Removing and restoring.
    case delete

    /// Who does it where the policy does not say.
    package var usualActors: ActorSet {
        switch self {
        case .take, .note, .edit, .merge, .split, .link: .staff
        case .assign, .answer: [.assignee, .supervisor, .administrator]
        case .delete: [.assignee, .supervisor, .administrator]
        }
    }
}
