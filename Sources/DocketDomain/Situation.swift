/// A message of a request, so far as moving it to another one needs.
package struct RequestMessage: Hashable, Sendable {
    /// The message's id.
    package let id: MessageID
    /// Where it stands in the log.
    package let offset: UInt64
    /// Its place among the public entries of its request.
    package let sequence: UInt64
    /// Whether the contact wrote it.
    package let isFromContact: Bool
    /// When it was said, where it is an agent's answer.
    package let answeredAt: Timestamp?
    /// Its beginning, at most 256 bytes.
    package let beginning: String

    /// Describes a message.
    package init(
        id: MessageID,
        offset: UInt64,
        sequence: UInt64,
        isFromContact: Bool,
        answeredAt: Timestamp? = nil,
        text: String
    ) {
        self.id = id
        self.offset = offset
        self.sequence = sequence
        self.isFromContact = isFromContact
        self.answeredAt = answeredAt
        beginning = TextLimits.beginning(of: text, bytes: TextLimits.descriptionBytes)
    }
}

/// What a command's outcome depends on: the part of the desk's state that it touches.
///
/// The store loads it before a command, `decide` reads it, `apply` carries it over an event, and
/// the store keeps what has changed. A whole desk is many of these, one for each conversation.
package struct Situation: Hashable, Sendable {
    /// The conversation, if it exists.
    package var conversation: Conversation?
    /// The request the command is about: the newest of the conversation for a message, otherwise
    /// the one named.
    package var request: SupportRequest?
    /// Other requests that the command touches, such as those of a merge, or the one that has the
    /// content of a merged one.
    package var others: [SupportRequest] = []
    /// The messages of the request that a split or a merge takes them from, in order.
    package var messages: [RequestMessage] = []
    /// The messages of the request that survives a merge which were said after the first of those
    /// that it takes, in order.
    package var laterMessages: [RequestMessage] = []
    /// Where the first message of the request that survives a merge stands in the log, if it has
    /// one.
    package var survivorBegins: UInt64?
    /// The requests of which the parent in a new link is itself a part, by however many steps;
    /// `nil` where there are more than are looked at.
    package var ancestors: Set<RequestID>? = []
    /// Whether the contact of the command is blocked.
    package var isContactBlocked = false
    /// The newest routed request of the conversation beside the one that a merge ends.
    package var nextNewest: RequestID?
    /// How far the command's author has read in the conversation; 0 when never.
    package var readUpTo: UInt64
    /// How far the conversation has reached the command's author; 0 when never.
    package var receivedUpTo: UInt64

    /// Describes a situation.
    package init(
        conversation: Conversation? = nil,
        request: SupportRequest? = nil,
        readUpTo: UInt64 = 0,
        receivedUpTo: UInt64 = 0
    ) {
        self.conversation = conversation
        self.request = request
        self.readUpTo = readUpTo
        self.receivedUpTo = receivedUpTo
    }

    /// The request with an id, if the command touches it.
    package func request(_ id: RequestID) -> SupportRequest? {
        request?.id == id ? request : others.first { $0.id == id }
    }

    /// The two requests of a merge: the older, which survives, and the newer, whose content goes to
    /// it; `nil` unless there are two.
    package var merging: (survivor: SupportRequest, source: SupportRequest)? {
        guard let request, let other = others.first, other.id != request.id else { return nil }
        return other.number < request.number ? (other, request) : (request, other)
    }
}
