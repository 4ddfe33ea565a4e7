import Dispatch
package import DocketStore
import Synchronization

/// A store whose first transaction waits until it is released.
package final class BlockedStore: Store {
    private let store: any Store
    private let gate = DispatchSemaphore(value: 0)
    private let isOpen = Mutex(false)
    private let arrived = AsyncStream<Void>.makeStream()

    /// Wraps a store.
    package init(_ store: any Store) { self.store = store }

    /// Returns when a transaction waits.
    package func waitUntilBlocked() async {
        for await _ in arrived.stream { return }
    }

    /// Lets the transaction go on, and all later ones.
    package func release() {
        isOpen.withLock { $0 = true }
        gate.signal()
    }

    package func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        if !isOpen.withLock({ $0 }) {
            arrived.continuation.yield()
            gate.wait()
        }
        return try store.transact(body)
    }

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
        try store.beginBackup(to: path)
    }

    package func check() throws(StoreError) -> [String] { try store.check() }

    package func close() throws(StoreError) { try store.close() }
}
