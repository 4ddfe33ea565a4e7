/// Where a feed begins.
public enum FeedStart: Hashable, Sendable {
    /// With what happens from now on.
    case now
    /// With the first thing that the server still has.
    case beginning
    /// With what happened after a cursor.
    case after(Cursor)
}

/// What happens, in order and without a gap, over as many connections as it takes.
///
/// A step is asked of the server when it is asked of the feed, so a slow reader holds up nothing
/// but itself. Keep the cursor of the last step that was dealt with to go on from there later.
public struct Feed: AsyncSequence, Sendable {
    /// One step.
    public typealias Element = FeedUpdate
    /// Why a feed ends.
    public typealias Failure = DocketClientError

    let engine: Engine
    let start: FeedStart
    let conversation: ConversationID?

    /// Opens the feed; for one reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: FeedReader(engine, from: start, of: conversation))
    }

    /// Reads a feed.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: FeedReader

        /// The next step; nil after an error.
        public mutating func next() async throws(DocketClientError) -> FeedUpdate? {
            try await reader.next()
        }

        /// The next step, for a reader in an actor; nil after an error.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> FeedUpdate? {
            try await reader.next()
        }
    }
}
