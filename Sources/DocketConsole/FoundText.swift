public import DocketClient

/// A message, a note or a request that a search has found.
public struct FoundText: Sendable {
    /// What was found.
    public enum Kind: String, Sendable {
        /// A message.
        case message
        /// A note, which no contact ever sees.
        case note
        /// A request, by a title that it was given or by its contact's name.
        case request
        /// Something that this version does not know.
        case unknown
    }

    /// Where it stands in the order of everything.
    public var offset: UInt64
    /// Whether it is a message or a note.
    public var kind: Kind
    /// The conversation; nil where its id is not valid.
    public var conversationID: ConversationID?
    /// The request; nil where its id is not valid.
    public var requestID: RequestID?
    /// The request's number.
    public var requestNumber: UInt64
    /// Its place among the messages or the notes of the request, from 1; 0 for a request.
    public var sequence: UInt64
    /// The text around what was looked for.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public var snippet: String
    /// When it was said.
    public var at: Timestamp
    /// Who said it.
    public var author: Party
    /// The key of the status that the request has now.
    public var status: String
    /// The meaning of that status.
    public var category: StatusCategory
    /// What people call the request now.
    public var title: String
    /// The contact who asks.
    public var contact: Party?

    /// Describes what was found.
    public init(
        offset: UInt64,
        kind: Kind,
        conversationID: ConversationID?,
        requestID: RequestID?,
        requestNumber: UInt64,
        sequence: UInt64,
        snippet: String,
        at moment: Timestamp,
        author: Party,
        status: String,
        category: StatusCategory,
        title: String,
        contact: Party?
    ) {
        self.offset = offset
        self.kind = kind
        self.conversationID = conversationID
        self.requestID = requestID
        self.requestNumber = requestNumber
        self.sequence = sequence
        self.snippet = snippet
        at = moment
        self.author = author
        self.status = status
        self.category = category
        self.title = title
        self.contact = contact
    }
}
