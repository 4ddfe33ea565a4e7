/// One step of a feed, and the cursor that stands behind it.
public struct FeedUpdate: Hashable, Sendable {
    /// What a step tells.
    public enum Content: Hashable, Sendable {
        /// The first step of a feed: what follows comes after the cursor.
        case started
        /// Something happened.
        case event(Event)
        /// Everything that had happened has been told; what follows is live.
        case caughtUp
        /// Nothing happened for a while.
        case heartbeat
        /// Somebody is typing, for the next `TypingSignal.lifetime`. The cursor stays.
        case typing(TypingSignal)
    }

    /// What the step tells.
    public let content: Content
    /// Where to go on when this step has been dealt with.
    public let cursor: Cursor
}

/// A passing signal that somebody is typing.
public struct TypingSignal: Hashable, Sendable {
    /// How long the signal is valid; without another one the typing has ended.
    public static let lifetime = Duration.seconds(6)
    /// How long to wait before the next signal; the server drops what comes earlier.
    public static let interval = Duration.seconds(3)

    /// Who is typing.
    public let party: Party
    /// Where.
    public let conversationID: ConversationID
}

/// A page of a conversation.
public struct HistoryPage: Hashable, Sendable {
    /// The events that the caller may see, in the order of their offsets.
    public let events: [Event]
    /// Everything of the conversation from the lower to the upper offset is in the page.
    public let range: ClosedRange<UInt64>
    /// Whether there is more beyond the page in the direction of reading.
    public let hasMore: Bool

    /// Describes a page.
    ///
    /// - Parameters:
    ///   - events: The events, in the order of their offsets.
    ///   - range: From where to where the page has everything.
    ///   - hasMore: Whether there is more beyond it.
    public init(events: [Event], range: ClosedRange<UInt64>, hasMore: Bool) {
        self.events = events
        self.range = range
        self.hasMore = hasMore
    }
}

/// Which part of a conversation to read.
public enum HistoryPlace: Hashable, Sendable {
    /// The newest page.
    case newest
    /// The newest events below an offset.
    case before(UInt64)
    /// The oldest events above an offset.
    case after(UInt64)
}
