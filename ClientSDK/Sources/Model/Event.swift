/// Something that happened, for good.
public struct Event: Hashable, Sendable {
    /// Its place in the order of everything that happens.
    ///
    /// Offsets grow and have holes.
    public let offset: UInt64
    /// When the server committed it.
    public let at: Timestamp
    /// Who did it.
    public let actor: Party?
    /// The conversation it belongs to.
    public let conversationID: ConversationID?
    /// The request it belongs to, if there is one yet.
    public let request: RequestReference?
    /// What happened.
    public let fact: Fact

    /// What happened.
    public enum Fact: Hashable, Sendable {
        /// A conversation began.
        case conversationOpened(contact: Party?, channel: String)
        /// A request began.
        case requestOpened(RequestOpening)
        /// Something was said in public.
        case messagePosted(Message)
        /// An agent wrote an internal comment. No contact ever gets this.
        case notePosted(Note)
        /// The request's status changed.
        case statusChanged(StatusChange)
        /// The request went to an agent; nil means that nobody has it now.
        case requestAssigned(Party?)
        /// The actor has read everything up to an offset.
        case readMarked(upTo: UInt64)
        /// Something that this version does not know; it may be passed over.
        case unknown
    }
}

/// Which request an event belongs to.
public struct RequestReference: Hashable, Sendable {
    /// The request's id.
    public let id: RequestID
    /// The request's number.
    public let number: UInt64
    /// The request's version after the event.
    public let version: UInt64
}

/// How a request began.
public struct RequestOpening: Hashable, Sendable {
    /// The key of its first status.
    public let status: String
    /// The meaning of that status.
    public let category: StatusCategory
    /// The request before it in the conversation; nil for the first.
    public let previous: RequestID?
    /// The contact who asks.
    public let contact: Party?
    /// The key of the channel.
    public let channel: String
}

/// Something said in public.
public struct Message: Hashable, Sendable {
    /// Its id, made by its author.
    public let id: MessageID
    /// Its place among the public entries of its request, from 1.
    public let sequence: UInt64
    /// What was said.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let text: String
    /// When the author wrote it by the author's own clock, if that is known.
    public let authoredAt: Timestamp?
    /// The files that belong to it, in the author's order.
    public let attachments: [Attachment]
}

/// An internal comment of an agent.
public struct Note: Hashable, Sendable {
    /// Its id, made by its author.
    public let id: NoteID
    /// Its place among the notes of its request, from 1.
    public let sequence: UInt64
    /// What was written.
    public let text: String
}

/// A change of a request's status.
public struct StatusChange: Hashable, Sendable {
    /// Why a status changed.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// An agent took or was given the request.
        case assigned
        /// An agent answered.
        case answered
        /// An agent finished the chat.
        case finished
        /// The contact wrote again.
        case contactReplied = "contact_replied"
        /// A timer of the policy fired.
        case timer
        /// A cause that this version does not know.
        case unknown
    }

    /// The key of the status before.
    public let from: String
    /// The key of the status after.
    public let to: String
    /// The meaning of the status after.
    public let category: StatusCategory
    /// Why it changed.
    public let cause: Cause
}
