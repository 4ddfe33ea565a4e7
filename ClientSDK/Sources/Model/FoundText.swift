/// A message, a note or a request that a search has found.
public struct FoundText: Hashable, Sendable {
    /// What was found.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
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
    public let offset: UInt64
    /// What was found.
    public let kind: Kind
    /// The conversation.
    public let conversationID: ConversationID
    /// The request to which it belongs now: after a split or a merge another than the one in which
    /// it was said.
    public let requestID: RequestID
    /// The request's number.
    public let requestNumber: UInt64
    /// Its place among the messages or the notes of the request, from 1; 0 for a request.
    public let sequence: UInt64
    /// The text around what was looked for.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let snippet: String
    /// When it was said.
    public let at: Timestamp
    /// Who said it.
    public let author: Party
    /// The key of the status that the request has now.
    public let status: String
    /// The meaning of that status: it tells what was merged or deleted since.
    public let category: StatusCategory
    /// What people call the request now.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let title: String
    /// The contact who asks.
    public let contact: Party?
}

/// Where to search.
public struct SearchScope: Hashable, Sendable {
    /// Only in requests with these statuses now, by their keys, at most 32; none means any.
    public var statuses: [String] = []
    /// Only in requests on this channel, by its key; nil for any.
    public var channel: String?
    /// Only what was said at this moment or later; nil for any.
    public var from: Timestamp?
    /// Only what was said before this moment; nil for any.
    public var until: Timestamp?

    /// Searches everywhere.
    public init() {}
}

/// A page of what a search has found.
public struct SearchPage: Hashable, Sendable {
    /// What was found, the newest first.
    ///
    /// The server looks at a bounded number of texts for a page, so many pages may be empty.
    public let hits: Page<FoundText>
    /// The offset up to which everything was looked through; what was said after it is found a
    /// moment later.
    public let indexedUpTo: UInt64
    /// The offset of the last event.
    public let head: UInt64
}
