internal import GRDB
internal import Synchronization

/// Orders the commits of a local store, and lets those that wait share a transaction.
///
/// It is apart from `LocalStore` so that the last reference to the store never goes on the thread
/// that commits, which would wait for itself when it closes.
final class LocalWriter: Sendable {
    /// Where the tables are.
    enum Place {
        /// In a file: commits wait for the disk, on the pool's own thread.
        case file(DatabasePool)
        /// In memory: commits run where they are called.
        case memory(DatabaseQueue)
        /// In memory that was lent, with what stands in a commit's way.
        case disk(MemoryDisk, @Sendable () -> MemoryDisk.Obstacle?)
    }

    private struct State {
        var waiting = CommitQueue()
        /// Whether the pool has been asked to carry out what waits.
        var isWriting = false
        var isClosed = false
        /// Why nothing is committed any more.
        var failure: LocalStoreError?
        var commitCount = 0
        var transactionCount = 0
    }

    private let place: Place
    private let state = Mutex(State())

    /// Takes over tables that are ready for use.
    init(_ place: Place) {
        self.place = place
    }

    private var database: any DatabaseWriter {
        switch place {
        case .file(let pool): pool
        case .memory(let queue): queue
        case .disk(let disk, _): disk.queue
        }
    }

    /// How many transactions there were.
    var transactionCount: Int { state.withLock { $0.transactionCount } }

    /// How many commits were accepted, whether they are decided or wait.
    var commitCount: Int { state.withLock { $0.commitCount } }

    /// Reads the tables in one transaction.
    func read<Result>(_ body: (LocalTables) throws -> Result) throws(LocalStoreError) -> Result {
        guard !state.withLock({ $0.isClosed }) else { throw .closed }
        do {
            return try database.read { try body(LocalTables($0)) }
        } catch {
            guard !state.withLock({ $0.isClosed }) else { throw .closed }
            throw noted(LocalStoreError(error))
        }
    }

    /// The same error; damage of a file is noted for the next opening.
    private func noted(_ error: LocalStoreError) -> LocalStoreError {
        if error.isDamage, case .file(let pool) = place { DamageMark(of: pool.path).put() }
        return error
    }

    /// Runs something where a file's commits run, before those that are called later.
    func occupy(_ body: @escaping @Sendable () -> Void) {
        if case .file(let pool) = place { pool.asyncWriteWithoutTransaction { _ in body() } }
    }

    /// A setting of the connection that writes.
    func setting(_ name: String) throws(LocalStoreError) -> String? {
        guard !state.withLock({ $0.isClosed }) else { throw .closed }
        return try storing {
            try database.writeWithoutTransaction { database in
                try String.fetchOne(database, sql: "PRAGMA \(name)")
            }
        }
    }

    /// Carries changes out, together and durably.
    func commit(_ changes: [LocalChange]) async throws(LocalStoreError) {
        guard !changes.isEmpty else {
            guard !state.withLock({ $0.isClosed }) else { throw .closed }
            return
        }
        let outcome: CommitQueue.Outcome
        switch place {
        case .memory(let queue): outcome = commitHere(changes, queue)
        case .disk(let disk, let obstacle):
            outcome =
                obstacle().map { .failure(LocalStoreError($0)) }
                ?? commitHere(changes, disk.queue)
        case .file(let pool):
            outcome = await withCheckedContinuation { continuation in
                enqueue(CommitQueue.Entry(changes) { continuation.resume(returning: $0) }, pool)
            }
        }
        try outcome.get()
    }

    private func commitHere(_ changes: [LocalChange], _ queue: DatabaseQueue) -> CommitQueue.Outcome
    {
        if let refusal = state.withLock({ $0.isClosed ? .closed : $0.failure }) {
            return .failure(refusal)
        }
        let outcome = queue.writeWithoutTransaction { transact(changes[...], $0).outcome }
        guard case .failure = outcome, state.withLock({ $0.isClosed }) else { return outcome }
        return .failure(.closed)
    }

    private func enqueue(_ entry: CommitQueue.Entry, _ pool: DatabasePool) {
        let isRefused = state.withLock { state in
            guard !state.isClosed else { return true }
            state.waiting.append(entry)
            state.commitCount += 1
            guard !state.isWriting else { return false }
            state.isWriting = true
            // Under the lock, so that closing comes behind it on the pool's thread.
            pool.asyncWriteWithoutTransaction { self.carryOut($0) }
            return false
        }
        if isRefused { entry.decide(.failure(.closed)) }
    }

    /// Carries out all that waits, group by group.
    private func carryOut(_ database: Database) {
        while true {
            let group = state.withLock { state in
                let group = state.waiting.next()
                if group.isEmpty { state.isWriting = false }
                return group
            }
            guard !group.isEmpty else { return }
            let end = transact(group.flatMap(\.changes)[...], database)
            guard case .refused(let failure) = end, failure == .full || group.count > 1 else {
                for entry in group { entry.decide(end.outcome) }
                continue
            }
            // What can be written back makes room in the log, so that a full disk does not keep the
            // commands from it that would leave.
            if failure == .full { _ = try? database.checkpoint(.passive) }
            // Each alone, so that none fails for what another asked.
            for entry in group { entry.decide(transact(entry.changes[...], database).outcome) }
        }
    }

    /// How a transaction ended.
    private enum End {
        case committed
        /// The changes could not be carried out, or not all of them.
        case refused(LocalStoreError)
        /// Nothing can be carried out, whatever it is.
        case unavailable(LocalStoreError)

        var outcome: CommitQueue.Outcome {
            switch self {
            case .committed: .success(())
            case .refused(let error), .unavailable(let error): .failure(error)
            }
        }
    }

    private func transact(_ changes: ArraySlice<LocalChange>, _ database: Database) -> End {
        if let failure = state.withLock({ $0.failure }) { return .unavailable(failure) }
        do {
            try database.beginTransaction(.immediate)
        } catch {
            return .unavailable(LocalStoreError(error))
        }
        var isCommitting = false
        do {
            let tables = LocalTables(database)
            for change in changes { try tables.apply(change) }
            isCommitting = true
            try database.commit()
            state.withLock { $0.transactionCount += 1 }
            return .committed
        } catch {
            // Where SQLite has rolled back by itself there is nothing left to do, and where rolling
            // back fails too, the error at hand is the one that explains it.
            if database.isInsideTransaction { try? database.rollback() }
            let failure = noted(LocalStoreError(error))
            if failure != .full, isCommitting || Self.isOfTheDisk(error) {
                state.withLock { $0.failure = failure }
            }
            return .refused(failure)
        }
    }

    private static func isOfTheDisk(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_IOERR
    }

    /// Ends all commits under way and gives the file back.
    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        switch place {
        case .memory(let queue): try? queue.close()
        case .disk: break
        case .file(let pool):
            // Nothing comes of a failure here: every commit is durable in the write-ahead log,
            // which stays, and with which the next opening goes on.
            try? pool.barrierWriteWithoutTransaction { database in
                // The pool would close its writer first, and readers cannot write back what is in
                // the log.
                pool.invalidateReadOnlyConnections()
                try? LocalSalvage.forget(database)
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                _ = try database.checkpoint(.truncate)
            }
            try? pool.close()
        }
    }
}
