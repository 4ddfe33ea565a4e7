internal import FoundationEssentials

/// The conversations that a client holds, now and whenever they change.
///
/// The first list comes from what is stored here, so that it is there without a network. A slow
/// reader misses lists in between and gets the newest.
public struct ConversationList: AsyncSequence, Sendable {
    /// The conversations, the one that changed last first.
    public typealias Element = [ConversationOverview]
    /// Why it ends: the local store cannot be read.
    public typealias Failure = DocketClientError

    let client: DocketClient
    let limit: Int

    /// Begins to look; for one reader.
    public func makeAsyncIterator() -> Iterator {
        client.replica.start()
        return Iterator(list: self, rings: client.replica.observers.rings())
    }

    /// Reads the lists.
    public struct Iterator: AsyncIteratorProtocol {
        private let list: ConversationList
        private var rings: AsyncStream<Void>.Iterator
        private var last: [ConversationOverview]?

        fileprivate init(list: ConversationList, rings: AsyncStream<Void>) {
            self.list = list
            self.rings = rings.makeAsyncIterator()
        }

        /// The next list; nil when the client was closed.
        public mutating func next() async throws(DocketClientError) -> [ConversationOverview]? {
            try await next(isolation: #isolation)
        }

        /// The next list, for a reader in an actor; nil when the client was closed.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> [ConversationOverview]? {
            while await rings.next(isolation: actor) != nil {
                let views = try list.views()
                guard views != last else { continue }
                last = views
                return views
            }
            return nil
        }
    }

    /// The list as it is now; fetches the newest message of conversations where it is missing.
    fileprivate func views() throws(DocketClientError) -> [ConversationOverview] {
        let (views, missing) = try client.stored { tables in
            let views = try tables.rows(limit: limit)
                .compactMap { try ConversationOverview($0, in: tables) }
            let missing = try views.filter { $0.lastMessage == nil }.compactMap { view in
                try tables.holes(of: Data(view.id.bytes)).last.map { (view.id, $0.upperBound) }
            }
            return (views, missing)
        }
        for (conversation, offset) in missing {
            client.replica.fill(conversation, endingAt: offset)
        }
        return views
    }
}

extension DocketClient {
    /// The conversations that the client holds, the one that changed last first.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The list, for one reader at a time.
    public func conversations(limit: Int = 200) -> ConversationList {
        ConversationList(client: self, limit: limit)
    }

    /// Sends what can be sent and reads what has happened; returns when both are done.
    ///
    /// Messages behind a refused one stay where they are.
    ///
    /// - Parameter limit: How long to try.
    /// - Throws: `unreachable` when the time is over, `needsLogin`, `otherPrincipal`, `cancelled`,
    ///   `closed`.
    public func sync(
        within limit: Duration = defaultLimit
    ) async throws(DocketClientError) {
        replica.start()
        let deadline = engine.clock.now() + limit
        let timer = Task { [engine, replica] in
            if await engine.clock.sleep(until: deadline) { replica.observers.ring() }
        }
        defer { timer.cancel() }
        for await _ in replica.observers.rings() {
            if let trouble = runner.trouble { throw trouble }
            if runner.isAtRest, replica.isLevel(with: runner.lastOffset) { return }
            guard engine.clock.now() < deadline else {
                let reason = engine.trouble?.message ?? "the server has not told everything"
                throw DocketClientError(.unreachable, "not level in time: \(reason)")
            }
        }
        if Task.isCancelled { throw DocketClientError(.cancelled, "the caller gave up") }
        throw DocketClientError(.closed, "the client was closed")
    }

    /// Reads what is stored here of the server's.
    func stored<Value>(
        _ body: (ReplicaTables) throws -> Value
    ) throws(DocketClientError) -> Value {
        do throws(LocalStoreError) {
            return try replica.store.read(body)
        } catch {
            throw DocketClientError(.storage, EnqueueError(error).description)
        }
    }
}

extension Conversation {
    /// What the conversation looks like, now and whenever it changes.
    ///
    /// - Parameter limit: How many events at most, the newest; what waits comes on top.
    /// - Returns: The timeline, for one reader at a time.
    public func timeline(limit: Int = 50) -> Timeline {
        Timeline(client: client, conversation: id, limit: limit)
    }
}
