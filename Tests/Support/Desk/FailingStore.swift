package import DocketStore
import Synchronization

/// A store whose next transactions fail where a test wants it.
package final class FailingStore: Store {
    /// Where a transaction fails.
    package enum Failure: Sendable {
        /// Before anything is written.
        case atBegin(StoreError)
        /// There is no room, and in the room kept back a transaction fails after its commit.
        case fullAndOnReserve(StoreError)
        /// After the commit: the effect is durable and the caller does not learn of it.
        case afterCommit(StoreError)
    }

    /// A moment of a transaction.
    package enum Moment: Sendable {
        /// Nothing of it is there.
        case begins
        /// It is durable, and nobody has been told.
        case isCommitted
    }

    private let store: any Store
    private let watcher = Mutex<(@Sendable (Moment) -> Void)?>(nil)
    private let failure = Mutex<Failure?>(nil)

    /// Wraps a store.
    package init(_ store: any Store) { self.store = store }

    /// Makes every transaction fail from now on; `nil` ends it.
    package func fail(_ failure: Failure?) { self.failure.withLock { $0 = failure } }

    /// Tells of every transaction from now on, on the thread that makes it; `nil` ends it.
    package func watch(_ watcher: (@Sendable (Moment) -> Void)?) {
        self.watcher.withLock { $0 = watcher }
    }

    /// Makes a transaction, and tells of it.
    private func watched<Result>(
        _ transaction: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let watcher = self.watcher.withLock { $0 }
        watcher?(.begins)
        let result = try transaction()
        watcher?(.isCommitted)
        return result
    }

    package func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let result = try watched { () throws(StoreError) -> Result in
            switch failure.withLock({ $0 }) {
            case nil, .afterCommit: return try store.transact(body)
            case .atBegin(let error): throw error
            case .fullAndOnReserve: throw .full
            }
        }
        try failAfterCommit()
        return result
    }

    private func failAfterCommit() throws(StoreError) {
        if case .afterCommit(let error) = failure.withLock({ $0 }) { throw error }
    }

    /// A full disk has room left on the reserve; any other failure is one here too.
    package func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        switch failure.withLock({ $0 }) {
        case .atBegin(.full):
            return try watched { () throws(StoreError) in try store.transact(body) }
        case .fullAndOnReserve(let error):
            _ = try store.transact(body)
            throw error
        case nil:
            return try watched { () throws(StoreError) in try store.transactOnReserve(body) }
        case .atBegin, .afterCommit: return try transact(body)
        }
    }

    package func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.read(body) }

    package func readLog<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.readLog(body) }

    package func follow(
        _ follower: Follower,
        atMost count: UInt64
    ) throws(StoreError) -> UInt64 {
        let offset = try watched { () throws(StoreError) in
            switch failure.withLock({ $0 }) {
            case nil, .afterCommit: return try store.follow(follower, atMost: count)
            case .atBegin(let error): throw error
            case .fullAndOnReserve: throw .full
            }
        }
        try failAfterCommit()
        return offset
    }

    package func beginBackup(to path: String) throws(StoreError) -> any StoreBackup {
        try store.beginBackup(to: path)
    }

    package func check() throws(StoreError) -> [String] { try store.check() }

    package func close() throws(StoreError) { try store.close() }
}
