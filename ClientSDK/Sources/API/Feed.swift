internal import DocketMessages

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
        let reader = FeedReader(engine, from: start)
        return Iterator(reader: reader, engine: engine, conversation: conversation)
    }

    /// Reads a feed.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: FeedReader
        let engine: Engine
        let conversation: ConversationID?

        /// The next step; nil after an error.
        public mutating func next() async throws(DocketClientError) -> FeedUpdate? {
            try await next(isolation: #isolation)
        }

        /// The next step, for a reader in an actor; nil after an error.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> FeedUpdate? {
            while let step = try await reader.next() {
                guard let content = content(of: step) else { continue }
                return FeedUpdate(content: content, cursor: step.cursor)
            }
            return nil
        }

        /// What a step tells; nil for what this feed leaves out.
        private func content(of step: FeedReader.Step) -> FeedUpdate.Content? {
            switch step.content {
            case .marker(.started): return .started
            case .marker(.caughtUp): return .caughtUp
            case .marker(.heartbeat): return .heartbeat
            case .event(let message, let offset):
                let event = Event(message, offset: offset)
                return isWanted(event.conversationID) ? .event(event) : nil
            case .passing(let message):
                guard let signal = TypingSignal(message), isWanted(signal.conversationID),
                    signal.party.id != engine.identity?.party.id
                else { return nil }
                return .typing(signal)
            }
        }

        private func isWanted(_ conversationID: ConversationID?) -> Bool {
            conversation == nil || conversation == conversationID
        }
    }
}
