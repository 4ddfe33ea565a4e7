public import DocketClient
internal import DocketMessages

/// An entry of a model's log, as its staff would see it.
public struct LoggedEvent: Hashable, Sendable {
    /// What happened.
    public enum Fact: Hashable, Sendable {
        /// A conversation began on a channel.
        case conversationOpened(channel: String)
        /// A request began, with this number.
        case requestOpened(number: UInt64)
        /// Something was said.
        case message(LoggedMessage)
        /// An agent wrote a note.
        case note(String)
        /// Somebody has read everything up to an offset.
        case read(upTo: UInt64)
        /// Everything up to an offset has reached somebody.
        case received(upTo: UInt64)
        /// Something else.
        case other
    }

    /// Its place in the log; offsets grow and have holes.
    public let offset: UInt64
    /// When it happened.
    public let at: Timestamp
    /// Who did it.
    public let author: Party
    /// Where it happened.
    public let conversationID: ConversationID?
    /// What happened.
    public let fact: Fact
    /// Whether only agents see it.
    public let isForStaffAlone: Bool

    init(_ entry: Model.Entry) {
        let event = entry.event
        offset = entry.offset
        at = Timestamp(millisecondsSinceEpoch: event.atMilliseconds)
        author = Party(event.actor)
        conversationID = ConversationID(bytes: event.conversationID)
        isForStaffAlone = entry.audience == nil
        fact =
            switch event.fact {
            case .conversationOpened(let opened): .conversationOpened(channel: opened.channel)
            case .requestOpened: .requestOpened(number: event.requestNumber)
            case .messagePosted(let message):
                LoggedMessage(message, of: event).map { .message($0) } ?? .other
            case .notePosted(let note): .note(note.text)
            case .readMarked(let mark): .read(upTo: mark.upToOffset)
            case .receivedMarked(let mark): .received(upTo: mark.upToOffset)
            default: .other
            }
    }
}

/// A message that a model has stored.
public struct LoggedMessage: Hashable, Sendable {
    /// Its id, made by its author.
    public let id: MessageID
    /// Who said it.
    public let author: Party
    /// What was said.
    public let text: String
    /// Its place among the public entries of its request, from 1.
    public let sequence: UInt64
    /// The request that it went to.
    public let requestID: RequestID

    init?(_ message: Docket_V1_MessagePosted, of event: Docket_V1_Event) {
        guard let id = MessageID(bytes: message.messageID),
            let requestID = RequestID(bytes: event.requestID)
        else { return nil }
        self.id = id
        self.requestID = requestID
        author = Party(event.actor)
        text = message.text
        sequence = message.sequence
    }
}
