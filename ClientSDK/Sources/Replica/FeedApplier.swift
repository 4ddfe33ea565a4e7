internal import Synchronization

/// Puts what a feed tells into the local store, as many steps in one commit as have come meanwhile.
final class FeedApplier: Sendable {
    /// How many events wait at most; then the feed waits.
    static let largestBatch = 512

    /// What is put into the store at one go.
    struct Batch: Sendable {
        /// The events, in order.
        var events: [ReplicaEvent] = []
        /// The cursor behind them.
        var cursor: Cursor
        /// Whether the feed had caught up.
        var hasCaughtUp = false
    }

    private struct State {
        var waiting: Batch?
        var isCommitting = false
        var failure: LocalStoreError?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let store: LocalStore
    private let applied: @Sendable (Batch) -> Void
    private let state = Mutex(State())

    /// An applier that tells what it has put into the store.
    init(to store: LocalStore, applied: @escaping @Sendable (Batch) -> Void) {
        self.store = store
        self.applied = applied
    }

    /// Takes a step; waits while too many wait already.
    ///
    /// - Parameters:
    ///   - event: What has happened; nil for a marker.
    ///   - cursor: The cursor behind it.
    ///   - hasCaughtUp: Whether the feed has told everything.
    /// - Throws: Why the store did not take what came before.
    func add(
        _ event: ReplicaEvent?,
        _ cursor: Cursor,
        hasCaughtUp: Bool = false
    ) async throws(LocalStoreError) {
        let (failure, begins) = state.withLock { state in
            var batch = state.waiting ?? Batch(cursor: cursor)
            if let event { batch.events.append(event) }
            batch.cursor = cursor
            if hasCaughtUp { batch.hasCaughtUp = true }
            state.waiting = batch
            let begins = !state.isCommitting && state.failure == nil
            if begins { state.isCommitting = true }
            return (state.failure, begins)
        }
        if let failure { throw failure }
        if begins { Task { await commit() } }
        await waitForRoom()
    }

    private func waitForRoom() async {
        await withCheckedContinuation { waiter in
            let hasRoom = state.withLock { state in
                let count = state.waiting?.events.count ?? 0
                guard count >= Self.largestBatch, state.isCommitting else { return true }
                state.waiter = waiter
                return false
            }
            if hasRoom { waiter.resume() }
        }
    }

    private func commit() async {
        while let batch = next() {
            do throws(LocalStoreError) {
                try await store.commit([.replica(.feed(batch.events, batch.cursor))])
                applied(batch)
            } catch {
                end(with: error)
            }
        }
    }

    private func next() -> Batch? {
        let (batch, waiter) = state.withLock { state in
            let batch = state.failure == nil ? state.waiting.take() : nil
            if batch == nil { state.isCommitting = false }
            return (batch, state.waiter.take())
        }
        waiter?.resume()
        return batch
    }

    private func end(with error: LocalStoreError) {
        state.withLock { $0.failure = error }
    }
}
