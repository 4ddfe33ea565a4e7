internal import FoundationEssentials

extension DocketClient {
    /// The conversations that the client holds, the one that changed last first.
    ///
    /// - Parameter limit: How many at most, at least 1.
    /// - Returns: The lists, for one reader at a time. They end when the client is closed.
    public func conversations(limit: Int = 200) -> LocalViews<[ConversationOverview]> {
        LocalViews(replica: replica, interests: [.replica]) {
            [replica] () throws(DocketClientError) in
            try replica.conversations(limit: max(1, limit))
        }
    }

    /// Sends what can be sent and reads what has happened; returns when both are done.
    ///
    /// What has been read is told too. Messages behind a refused one stay where they are.
    ///
    /// - Parameter limit: How long to try.
    /// - Throws: `unreachable` when the time is over, `needsLogin`, `otherPrincipal`, `storage`,
    ///   `cancelled`, `closed`.
    public func sync(
        within limit: Duration = defaultLimit
    ) async throws(DocketClientError) {
        replica.start()
        let deadline = engine.clock.now() + limit
        let timer = Task { [engine, replica] in
            if await engine.clock.sleep(until: deadline) { replica.observers.ring(.outbox) }
        }
        let watcher = Task { [engine, replica] in
            for await _ in engine.states { replica.observers.ring(.outbox) }
        }
        defer {
            timer.cancel()
            watcher.cancel()
        }
        var goal: UInt64?
        var asked: Cursor?
        for await _ in replica.observers.rings(of: [.outbox, .replica]) {
            try requireUse(before: deadline)
            guard runner.isAtRest, marks.count == 0, replica.isLevel(with: runner.lastOffset) else {
                continue
            }
            // Level with what the feed has told; the server may know more.
            // Where it cannot go on from here, it is asked from the next place.
            let place = replica.cursor
            if goal == nil, asked != place {
                asked = place
                goal = try await replica.newestEvent(before: deadline)
            }
            if let goal, replica.isLevel(with: goal) { return }
        }
        if Task.isCancelled { throw DocketClientError(.cancelled, "the caller gave up") }
        throw DocketClientError(.closed, "the client was closed")
    }

    /// Throws why nothing can come of waiting.
    private func requireUse(before deadline: ContinuousClock.Instant) throws(DocketClientError) {
        let trouble = engine.trouble
        if let trouble, [.needsLogin, .otherPrincipal].contains(trouble.code) { throw trouble }
        if let closed = runner.trouble { throw closed }
        guard engine.clock.now() < deadline else {
            if let trouble = replica.trouble { throw trouble }
            let reason = trouble?.message ?? "the server has not told everything"
            throw DocketClientError(.unreachable, "not level in time: \(reason)")
        }
    }

    /// Reads what is stored here of the server's.
    func stored<Value>(
        _ body: (ReplicaTables) throws -> Value
    ) throws(DocketClientError) -> Value {
        do throws(LocalStoreError) {
            return try replica.store.read(body)
        } catch {
            throw DocketClientError(error)
        }
    }
}

extension ReplicaRunner {
    /// The list as it is now; fetches the newest message of conversations where it is missing.
    fileprivate func conversations(
        limit: Int
    ) throws(DocketClientError) -> [ConversationOverview] {
        let views: [ConversationOverview]
        let missing: [(ConversationID, UInt64)]
        do throws(LocalStoreError) {
            (views, missing) = try store.read { tables in
                let views = try tables.rows(limit: limit)
                    .compactMap { try ConversationOverview($0, in: tables) }
                let missing = try views.filter { $0.lastMessage == nil }.compactMap { view in
                    try tables.holes(of: Data(view.id.bytes)).last.map { (view.id, $0.upperBound) }
                }
                return (views, missing)
            }
        } catch {
            throw DocketClientError(error)
        }
        for (conversation, offset) in missing { fill(conversation, endingAt: offset) }
        return views
    }
}
