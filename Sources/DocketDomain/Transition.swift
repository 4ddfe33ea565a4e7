/// What makes a status change.
package enum Trigger: String, Hashable, Sendable, CaseIterable {
    /// An agent took or was given the request.
    case assigned
    /// An agent answered.
    case answered
    /// The contact wrote again.
    case contactReplied = "contact_replied"
    /// An agent finished the chat, into a status of the agent's choice.
    case finished
    /// A live chat fell silent after the contact wrote.
    case inactiveAfterContact = "inactive_after_contact"
    /// A live chat fell silent after an agent wrote.
    case inactiveAfterAgent = "inactive_after_agent"
}

/// A change of status that the policy allows.
package struct Transition: Hashable, Sendable {
    /// What makes the status change.
    package let trigger: Trigger
    /// The statuses in which it does.
    package let from: [StatusKey]
    /// The status that follows.
    package let to: StatusKey

    /// Describes a transition.
    package init(on trigger: Trigger, from: [StatusKey], to: StatusKey) {
        self.trigger = trigger
        self.from = from
        self.to = to
    }
}
