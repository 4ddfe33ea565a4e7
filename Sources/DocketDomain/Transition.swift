/// What makes a status change.
package enum Trigger: String, Hashable, Sendable, CaseIterable {
    /// The request began; a transient status is left at once (E20).
    case created
    /// An agent took or was given the request.
    case assigned
    /// The agent who had the request gave it back.
    case released
    /// The agent who has the request looked at it for the first time (D4).
    case viewed
    /// An agent answered.
    case answered
    /// The contact wrote again.
    case contactReplied = "contact_replied"
    /// Somebody set the status.
    case set
    /// An agent finished the chat, into a status of the agent's choice.
    case finished
    /// Another request was merged into this one (O13).
    case merged
    /// A live chat fell silent after the contact wrote.
    case inactiveAfterContact = "inactive_after_contact"
    /// A live chat fell silent after an agent wrote.
    case inactiveAfterAgent = "inactive_after_agent"
    /// The moment until which the request was to sleep has come (S12).
    case woken
    /// The request has been in the status for as long as the transition says.
    case elapsed

    /// Who causes it where a transition does not say.
    package var usualActors: ActorSet {
        switch self {
        case .created: [.agent, .contact, .partner]
        case .assigned, .released, .answered, .merged: .staff
        case .viewed: .assignee
        case .contactReplied: .contact
        case .set, .finished: [.assignee, .supervisor, .administrator]
        case .inactiveAfterContact, .inactiveAfterAgent, .woken, .elapsed: .timer
        }
    }

    /// Who can cause it at all: a transition that names others would never be followed by them.
    package var possibleActors: ActorSet {
        switch self {
        case .created: [.agent, .supervisor, .administrator, .contact, .partner]
        case .assigned, .released, .viewed, .answered, .set, .finished, .merged: .staff
        case .contactReplied, .inactiveAfterContact, .inactiveAfterAgent, .woken, .elapsed:
            usualActors
        }
    }

    /// Whether somebody chooses the status that follows, so that several may.
    package var isChosen: Bool { self == .set || self == .finished }

    /// Whether only a timer causes it.
    package var isTimer: Bool { usualActors == .timer }
}

/// What a transition demands beside its actors.
package enum Requirement: String, Hashable, Sendable, CaseIterable {
    /// The command says why.
    case reason
    /// The command says until when.
    case wakeAt = "wake_at"
    /// The request has a title of its own.
    case title
    /// The request has a topic.
    case topic
    /// The request has a type.
    case type
    /// The request has a priority.
    case priority
}

/// What a transition does beside changing the status.
package enum Effect: Hashable, Sendable {
    /// The desk says something to the contact (C26, S8).
    case tell(String)
    /// A tag is added.
    case tag(String)
    /// Nobody has the request any more.
    case release
}

/// A change of status that the policy allows.
package struct Transition: Hashable, Sendable {
    /// What makes the status change.
    package let trigger: Trigger
    /// The statuses in which it does; every status where it is empty.
    package let from: [StatusKey]
    /// The status that follows.
    package let to: StatusKey
    /// Who may cause it.
    package let actors: ActorSet
    /// What has to be so.
    package let condition: Condition?
    /// What it demands.
    package let requirements: [Requirement]
    /// How long after the status was entered; for `elapsed` only.
    package let after: Duration?
    /// What it does beside.
    package let effects: [Effect]

    /// Describes a transition.
    package init(
        on trigger: Trigger,
        from: [StatusKey],
        to: StatusKey,
        by actors: ActorSet? = nil,
        when condition: Condition? = nil,
        requires requirements: [Requirement] = [],
        after: Duration? = nil,
        effects: [Effect] = []
    ) {
        self.trigger = trigger
        self.from = from
        self.to = to
        self.actors = actors ?? trigger.usualActors
        self.condition = condition
        self.requirements = requirements
        self.after = after
        self.effects = effects
    }

    /// Whether it leaves a status.
    ///
    /// "Every status" does not include the one it leads to, nor one that content has left: merged
    /// and deleted requests move by commands of their own.
    package func leaves(_ status: Status) -> Bool {
        if from.isEmpty {
            return status.key != to && status.category != .merged && status.category != .deleted
        }
        return from.contains(status.key)
    }
}
