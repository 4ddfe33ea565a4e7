/// The meaning of a status; what happens depends on it and never on a status' name.
public enum StatusCategory: String, Hashable, Sendable, CaseIterable {
    /// Exists, not yet accepted.
    case new
    /// The desk has to act.
    case open
    /// Somebody else has to act, or the request sleeps.
    case waiting
    /// A solution was delivered.
    case resolved
    /// Final.
    case closed
    /// Its content lives in another request.
    case merged
    /// Removed, restorable until it is purged.
    case deleted
    /// A category that this version does not know.
    case unknown
}

/// What a contact asks of the company, at one moment.
public struct SupportRequest: Hashable, Sendable {
    /// Its id.
    public let id: RequestID
    /// What people call it; given once.
    public let number: UInt64
    /// The conversation it belongs to.
    public let conversationID: ConversationID
    /// The key of the channel.
    public let channel: String
    /// The contact who asks.
    public let contact: Party?
    /// The key of its status in the desk's policy.
    public let status: String
    /// The meaning of the status.
    public let category: StatusCategory
    /// The agent who has it, if one has.
    public let assignee: Party?
    /// Counts its changes; for commands that expect a version.
    public let version: UInt64
    /// When it was opened.
    public let openedAt: Timestamp
    /// When something was last said or changed.
    public let changedAt: Timestamp
    /// The place of its newest public entry.
    ///
    /// Places may have holes after a split or a merge, so it is not how many entries there are.
    public let sequence: UInt64
    /// The beginning of its first message.
    public let summary: String
    /// What kind of request it is.
    public internal(set) var kind = RequestKind.unknown
    /// By which way it came.
    public internal(set) var origin = RequestOrigin.unknown
    /// What people call it: its own title, or the beginning of its first message.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public internal(set) var title = ""
    /// What the status is called: for a contact, what contacts call it.
    public internal(set) var statusName = ""
    /// What its topic is called: for a contact, what contacts call it; empty where it has none.
    public internal(set) var topicName = ""
    /// Whether somebody talks in it live.
    public internal(set) var isLive = false
    /// How many live periods there were, with this one.
    public internal(set) var livePeriods: UInt64 = 0
    /// The request before it in the conversation; nil for the first.
    public internal(set) var previous: RequestID?
    /// Since when the contact waits for an answer: when it wrote the first message that nobody has
    /// answered yet; nil where it does not wait.
    ///
    /// Agents see it.
    public internal(set) var waitingSince: Timestamp?
    /// Who wrote last: the contact, or an agent for the company; nil before anybody did.
    ///
    /// Agents see it.
    public internal(set) var lastAuthor: Party.Kind?
    /// What a message does not change.
    public internal(set) var details = RequestDetails()
}

/// A conversation at one moment: the chain of requests of one contact on one channel.
public struct ConversationSummary: Hashable, Sendable {
    /// Its id.
    public let id: ConversationID
    /// The contact whose conversation it is.
    public let contact: Party?
    /// The key of the channel.
    public let channel: String
    /// The newest request, if there is one.
    public let newestRequest: SupportRequest?
}

/// Everything as it is now, and the cursor from which a feed goes on.
public struct Snapshot: Hashable, Sendable {
    /// Where to open the feed.
    public let cursor: Cursor
    /// The principal's conversations, as they are at the cursor or later.
    public let conversations: [ConversationSummary]
}
