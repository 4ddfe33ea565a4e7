/// The key of a status in the policy; 1 to 64 bytes.
package typealias StatusKey = String

/// What a contact's message does to a request.
package enum ReplyPolicy: Hashable, Sendable {
    /// It continues the request; of a merged one, the request that has its content.
    case append
    /// It continues the request until so long after the status was entered, and then opens a new
    /// request.
    case appendWithin(Duration)
    /// It opens a new request, linked to this one.
    case newRequest
    /// It is refused.
    case refuse
}

/// For whom or what a waiting request waits.
package enum WaitingFor: UInt8, Sendable, CaseIterable {
    /// The contact has to answer.
    case customer = 1
    /// Somebody outside the company has to act.
    case thirdParty = 2
    /// A colleague has to act.
    case colleague = 3
    /// The request sleeps until a moment.
    case time = 4
}

/// A status of the policy.
package struct Status: Hashable, Sendable {
    /// What commands and transitions name the status by.
    package let key: StatusKey
    /// What agents call it.
    package let name: String
    /// What contacts see instead of the name.
    package let contactName: String?
    /// What it means.
    package let category: StatusCategory
    /// The kinds of request that may have it; every kind where it is empty.
    package let kinds: [RequestKind]
    /// Its place in a flow that moves only forward, and in lists (C4, S12).
    package let rank: Int
    /// Whether it stands for its category where several do.
    package let isDefault: Bool
    /// Whether a request in it has an agent.
    ///
    /// Where a transition would enter such a status without one, or the agent leaves, the request
    /// returns to the initial status.
    package let requiresAssignee: Bool
    /// Whether a request leaves it within the transaction in which it entered (E20).
    package let isTransient: Bool
    /// For whom or what a request waits in it; only for the category `waiting`.
    package let waitingFor: WaitingFor?
    /// What a contact's message does in it.
    package let reply: ReplyPolicy

    /// Describes a status.
    package init(
        key: StatusKey,
        name: String,
        contactName: String? = nil,
        category: StatusCategory,
        kinds: [RequestKind] = [],
        rank: Int = 0,
        isDefault: Bool = false,
        requiresAssignee: Bool = false,
        isTransient: Bool = false,
        waitingFor: WaitingFor? = nil,
        reply: ReplyPolicy
    ) {
        self.key = key
        self.name = name
        self.contactName = contactName
        self.category = category
        self.kinds = kinds
        self.rank = rank
        self.isDefault = isDefault
        self.requiresAssignee = requiresAssignee
        self.isTransient = isTransient
        self.waitingFor = waitingFor
        self.reply = reply
    }

    /// Whether requests of a kind may have it.
    package func serves(_ kind: RequestKind) -> Bool { kinds.isEmpty || kinds.contains(kind) }
}
