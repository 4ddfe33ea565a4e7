/// Which request an event belongs to, and its version after the event.
package struct RequestMark: Hashable, Sendable {
    /// The request.
    package let id: RequestID
    /// Its number.
    package let number: UInt64
    /// Its version after the event.
    package let version: UInt64

    /// Names a version of a request.
    package init(id: RequestID, number: UInt64, version: UInt64) {
        self.id = id
        self.number = number
        self.version = version
    }
}

/// A committed fact.
///
/// The log is made of these, and every state can be made from the log again.
package struct Event: Hashable, Sendable {
    /// When it was committed.
    package let at: Timestamp
    /// Who did it.
    package let actor: Party
    /// The conversation it belongs to.
    package let conversation: ConversationID
    /// The request it belongs to; `nil` where it concerns the conversation as a whole.
    package let request: RequestMark?
    /// What happened.
    package let fact: Fact

    /// Describes an event.
    package init(
        at moment: Timestamp,
        actor: Party,
        conversation: ConversationID,
        request: RequestMark?,
        fact: Fact
    ) {
        self.at = moment
        self.actor = actor
        self.conversation = conversation
        self.request = request
        self.fact = fact
    }
}

/// What happened.
package enum Fact: Hashable, Sendable {
    /// A conversation began.
    case conversationOpened(contact: Contact, channel: ChannelKey)
    /// A request began.
    case requestOpened(OpenedRequest)
    /// Something was said in public.
    case messagePosted(Message)
    /// An agent wrote an internal comment.
    case notePosted(Note)
    /// The status changed, or a live chat ended in the status it had.
    case statusChanged(StatusChange)
    /// The request went to an agent, or back to nobody.
    case requestAssigned(Agent?)
    /// Somebody has read everything up to an offset of the log.
    case readMarked(upTo: UInt64)

    /// Who may see the event.
    package var audience: Audience {
        switch self {
        case .notePosted: .staff
        case .conversationOpened, .requestOpened, .messagePosted, .statusChanged,
            .requestAssigned, .readMarked:
            .conversation
        }
    }
}

/// Who may see an event.
package enum Audience: UInt8, Sendable, CaseIterable {
    /// The contact, the channel's integration and the staff.
    case conversation = 0
    /// The staff alone.
    case staff = 1
}

/// How a request began.
package struct OpenedRequest: Hashable, Sendable {
    /// The key of its first status.
    package let status: StatusKey
    /// The meaning of that status.
    package let category: StatusCategory
    /// The request before it in the conversation.
    package let previous: RequestID?
    /// The contact who asks.
    package let contact: Contact
    /// The key of the channel.
    package let channel: ChannelKey

    /// Describes how a request began.
    package init(
        status: StatusKey,
        category: StatusCategory,
        previous: RequestID?,
        contact: Contact,
        channel: ChannelKey
    ) {
        self.status = status
        self.category = category
        self.previous = previous
        self.contact = contact
        self.channel = channel
    }
}

/// Why a status changed.
package enum StatusCause: UInt8, Sendable, CaseIterable {
    /// An agent took, was given or gave back the request.
    case assigned = 1
    /// An agent answered.
    case answered = 2
    /// An agent finished the chat.
    case finished = 3
    /// The contact wrote again.
    case contactReplied = 4
    /// A timer of the policy fired.
    case timer = 5

    /// Whether a live chat ends with it.
    var endsLiveSession: Bool {
        switch self {
        case .finished, .timer: true
        case .assigned, .answered, .contactReplied: false
        }
    }
}

/// A change of status.
///
/// `from` equals `to` where a live chat ended and left the status as it was.
package struct StatusChange: Hashable, Sendable {
    /// The key of the status before.
    package let from: StatusKey
    /// The key of the status after.
    package let to: StatusKey
    /// The meaning of the status after.
    package let category: StatusCategory
    /// Why it changed.
    package let cause: StatusCause

    /// Describes a change of status.
    package init(
        from: StatusKey,
        to: StatusKey,
        category: StatusCategory,
        cause: StatusCause
    ) {
        self.from = from
        self.to = to
        self.category = category
        self.cause = cause
    }
}
