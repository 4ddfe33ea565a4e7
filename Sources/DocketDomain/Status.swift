/// The key of a status in the policy; 1 to 64 bytes.
package typealias StatusKey = String

/// What a contact's message does to a request.
package enum ReplyPolicy: Hashable, Sendable {
    /// It continues the request.
    case append
    /// It continues the request until so long after the status was entered, and then opens a new
    /// request.
    case appendWithin(Duration)
    /// It opens a new request, linked to this one.
    case newRequest
}

/// A status of the policy.
package struct Status: Hashable, Sendable {
    /// What commands and transitions name the status by.
    package let key: StatusKey
    /// What people call it.
    package let name: String
    /// What it means.
    package let category: StatusCategory
    /// Whether a request in it has an agent.
    ///
    /// Where a transition would enter such a status without one, or the agent leaves, the request
    /// returns to the initial status.
    package let requiresAssignee: Bool
    /// What a contact's message does in it.
    package let reply: ReplyPolicy

    /// Describes a status.
    package init(
        key: StatusKey,
        name: String,
        category: StatusCategory,
        requiresAssignee: Bool,
        reply: ReplyPolicy
    ) {
        self.key = key
        self.name = name
        self.category = category
        self.requiresAssignee = requiresAssignee
        self.reply = reply
    }
}
