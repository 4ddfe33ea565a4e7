import Dispatch
package import DocketStore

/// A store whose copies are made at once and verified only when a test says so.
package final class UnverifiedStore: Store {
    private let store: any Store
    private let gate = DispatchSemaphore(value: 0)
    private let arrived = AsyncStream<Void>.makeStream()

    /// Wraps a store.
    package init(_ store: any Store) { self.store = store }

    /// Returns when a copy is being verified.
    package func waitUntilVerifying() async {
        for await _ in arrived.stream { return }
    }

    /// Lets the copy be found sound.
    package func verify() { gate.signal() }

    package func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.transact(body) }

    package func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try transact(body) }

    package func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.read(body) }

    package func readLog<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.readLog(body) }

    package func follow(
        _ follower: Follower,
        atMost count: UInt64
    ) throws(StoreError) -> UInt64 { try store.follow(follower, atMost: count) }

    package func beginBackup(to path: String) throws(StoreError) -> any StoreBackup {
        Copy(gate: gate, arrived: arrived.continuation)
    }

    package func check() throws(StoreError) -> [String] { try store.check() }

    package func close() throws(StoreError) { try store.close() }

    private struct Copy: StoreBackup {
        let gate: DispatchSemaphore
        let arrived: AsyncStream<Void>.Continuation

        func step() -> Bool { true }

        func finish() {
            arrived.yield()
            gate.wait()
        }

        func cancel() {}
    }
}
