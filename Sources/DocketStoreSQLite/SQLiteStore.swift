package import DocketStore
internal import Foundation
internal import GRDB
internal import Synchronization

/// A store in an SQLite file.
///
/// Exactly one connection, the pool's writer, writes and checkpoints, after a commit by which the
/// log has grown long and when the store closes; readers open the file read-only. SQLite before
/// 3.51.3 can corrupt a database in WAL mode that two connections write or checkpoint at once
/// (sqlite.org/wal.html, "The WAL-Reset Bug"), and memory-mapped reading made it worse; hence both
/// rules, and hence copies are made by the server itself and never by another process.
package final class SQLiteStore: Store {
    /// The name of the database file inside a store's directory.
    static let fileName = "docket.sqlite"
    /// How many pages the write-ahead log may reach before a commit checkpoints it: at 4,000 pages
    /// (16 MB) a post costs a sixth less than at SQLite's own 1,000, since pages that are written
    /// again and again reach the database once.
    private static let checkpointPages = 4_000
    /// How many bytes the write-ahead log's file keeps after it has begun anew.
    ///
    /// The log begins anew behind a checkpoint that was complete, so that it takes 16 MB and one
    /// transaction as a rule. A reader holds the pages that it began with: while it reads, the log
    /// grows. The desk reads by bounded pages, so that only a reader that hangs makes much of it;
    /// what is beyond this bound is given back to the disk then.
    private static let keptLogBytes = 32 << 20
    /// How many KiB of pages the writer holds: a post to one of a thousand conversations among a
    /// million changes two pages that no other post changes, and at SQLite's own 2,000 KiB it reads
    /// them again each time, which costs it a fifth more than in a small store.
    private static let writerCacheKiB = 65_536
    /// How many pages beyond its bound the file may have for what takes access away: some hundred
    /// such commands.
    private static let reservePages = 1_024
    /// How many connections read: as many as the desk has reader threads and threads for files, and
    /// one for a check.
    private static let readerCount = 7

    /// How many changes may wait to be written behind the log, where nothing else is said: some
    /// megabytes of memory, and some tenths of a second's work for whoever opens the store again
    /// after it was killed.
    package static let longestBacklog = 16_384
    /// How many entries of the log a step of writing them takes, which holds up commands for some
    /// milliseconds.
    private static let entriesOfStep: UInt64 = 1_024

    private let pool: DatabasePool
    private let lock: StoreLock
    private let directory: String
    private let memory = WriterMemory()
    /// The room kept back for transactions that may not wait for a disk to have some.
    private let reserve: StoreReserve
    private let reserveTurn = NSLock()
    /// How many pages the file may have; `nil` for no bound.
    private let maximumPages = Mutex<Int?>(nil)
    /// How many changes wait to be written behind the log.
    private let backlogSize = Mutex(0)
    private let longestBacklog: Int

    /// Opens the store in a directory, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - directory: An existing directory that only the server uses.
    ///   - newEpoch: The epoch of the log, where the store is made now.
    ///   - maximumPages: How many pages of 4,096 bytes the file may have; `nil` for no bound but
    ///     the disk's. Beyond it, commands are refused as on a full disk.
    ///   - reserveBytes: How many bytes of the disk are kept back for transactions that take
    ///     access away.
    ///   - longestBacklog: How many changes may wait to be written behind the log.
    /// - Throws: `StoreError.locked` when another process has it, `.superseded` when a newer
    ///   version wrote it, `.unsafeSettings` when it would not be durable.
    package init(
        directory: String,
        newEpoch: Epoch,
        maximumPages: Int? = nil,
        reserveBytes: Int = 0,
        longestBacklog: Int = SQLiteStore.longestBacklog
    ) throws(StoreError) {
        self.longestBacklog = longestBacklog
        lock = try StoreLock(path: directory + "/docket.lock")
        self.directory = directory
        reserve = StoreReserve(path: directory + "/docket.reserve", bytes: reserveBytes)
        let path = directory + "/" + Self.fileName
        pool = try storing { try DatabasePool(path: path, configuration: Self.configuration) }
        try Self.prepare(pool, newEpoch: newEpoch)
        if let maximumPages { try limitPages(to: maximumPages) }
        try catchUp()
        try write { transaction throws(StoreError) in
            memory.recent = try transaction.readRecentCommands()
            memory.hasReadBacklog = true
        }
        reserve.keep()
    }

    /// Bounds the file to so many pages of 4,096 bytes.
    ///
    /// Beyond them, commands are refused as on a full disk; a bound below the file's size counts as
    /// that size.
    package func limitPages(to count: Int) throws(StoreError) {
        try setLimit(count)
        maximumPages.withLock { $0 = count }
    }

    private func setLimit(_ count: Int) throws(StoreError) {
        try storing {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA max_page_count = \(count)")
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "docket.store"
        configuration.maximumReaderCount = readerCount
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA mmap_size = 0;
                    PRAGMA cell_size_check = ON;
                    PRAGMA temp_store = MEMORY;
                    """
            )
        }
        return configuration
    }

    private static func prepare(
        _ pool: DatabasePool,
        newEpoch: Epoch
    ) throws(StoreError) {
        try storing {
            let migrator = Schema.migrator
            if try pool.read(migrator.hasBeenSuperseded) { throw StoreError.superseded }
            try pool.writeWithoutTransaction { database in
                // The pool set this to NORMAL after the configuration ran, and a commit of NORMAL
                // is lost with the power.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA cache_size = -\(writerCacheKiB)")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(keptLogBytes)")
            }
            try migrator.migrate(pool)
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO meta(id, epoch, floor, next_number)
                        VALUES (1, ?, 0, 1)
                        """,
                    arguments: [Int64(bitPattern: newEpoch.value)]
                )
                try verify(database)
            }
        }
    }

    /// Refuses to run with settings under which acknowledged commands could be lost.
    private static func verify(_ database: Database) throws {
        let expected = [
            ("synchronous", "2"), ("journal_mode", "wal"), ("mmap_size", "0"),
            ("wal_autocheckpoint", "\(checkpointPages)"),
            ("journal_size_limit", "\(keptLogBytes)"),
            ("application_id", "\(Schema.applicationID)"),
        ]
        for (name, value) in expected {
            let actual = try String.fetchOne(database, sql: "PRAGMA \(name)")
            guard actual == value else {
                throw StoreError.unsafeSettings("\(name) is \(actual ?? "unknown")")
            }
        }
    }

    package func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        if backlogSize.withLock({ $0 }) >= longestBacklog {
            _ = try follow(.rows, atMost: Self.entriesOfStep)
        }
        return try write(body)
    }

    private func write<Result>(
        _ body: (SQLiteTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try storing {
            try pool.writeWithoutTransaction { database in
                try database.beginTransaction(.immediate)
                do {
                    let transaction = SQLiteTransaction(database, memory: memory)
                    let result = try body(transaction)
                    try transaction.finish()
                    try Self.commit(database)
                    transaction.settle()
                    backlogSize.withLock { $0 = memory.backlog.size }
                    return result
                } catch {
                    memory.forget()
                    // Where SQLite has rolled back by itself there is nothing left to do, and
                    // where rolling back fails too, the error at hand is the one that explains it.
                    try? database.rollback()
                    throw error
                }
            }
        }
    }

    package func follow(
        _ follower: Follower,
        atMost count: UInt64
    ) throws(StoreError) -> UInt64 {
        try write { transaction throws(StoreError) in
            try transaction.follow(follower, atMost: count)
        }
    }

    /// Writes everything that was put off, for somebody who reads: on a full disk in the room that
    /// is kept back, since what was acknowledged before is to be read.
    private func catchUpForReader() throws(StoreError) {
        do throws(StoreError) {
            try catchUp()
        } catch {
            guard error == .full else { throw error }
            try onReserve { () throws(StoreError) in try catchUp() }
        }
    }

    /// Writes everything that was put off.
    private func catchUp() throws(StoreError) {
        var come = try follow(.rows, atMost: 0)
        while true {
            let next = try follow(.rows, atMost: Self.entriesOfStep)
            guard next > come else { return }
            come = next
        }
    }

    package func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try onReserve { () throws(StoreError) in try transact(body) }
    }

    /// Does something in the room that is kept back, one thread at a time.
    private func onReserve<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        reserveTurn.lock()
        defer { reserveTurn.unlock() }
        let limit = maximumPages.withLock { $0 }
        reserve.release()
        defer { reserve.keep() }
        guard let limit else { return try body() }
        try setLimit(limit + Self.reservePages)
        let result: Swift.Result<Result, StoreError>
        do throws(StoreError) {
            result = .success(try body())
        } catch {
            result = .failure(error)
        }
        do throws(StoreError) {
            try setLimit(limit)
        } catch {
            // The transaction may be durable already.
            throw .commitFailed("\(error)")
        }
        return try result.get()
    }

    /// Commits.
    ///
    /// A full disk is known to have rolled back; after any other failure the frames may yet be
    /// found in the write-ahead log by a recovery.
    private static func commit(_ database: Database) throws(StoreError) {
        do {
            try database.commit()
        } catch {
            let failure = StoreError(error)
            guard case .full = failure else { throw .commitFailed("\(failure)") }
            throw failure
        }
    }

    package func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        if backlogSize.withLock({ $0 }) > 0 { try catchUpForReader() }
        return try readLog(body)
    }

    package func readLog<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try storing { try pool.read { try body(SQLiteReader(database: $0)) } }
    }

    package func beginBackup(to path: String) throws(StoreError) -> any StoreBackup {
        try SQLiteBackup(of: pool, to: path)
    }

    package func check() throws(StoreError) -> [String] {
        try catchUp()
        return try storing { try pool.read(SQLiteCheck.problems) }
    }

    package func close() throws(StoreError) {
        try catchUp()
        try storing {
            try pool.barrierWriteWithoutTransaction { database in
                // The pool would close its writer first, and readers cannot write back what is in
                // the log: the file alone would lack nearly everything.
                pool.invalidateReadOnlyConnections()
                memory.finalizeStatements()
                Self.writeBack(database)
            }
            try pool.close()
        }
        lock.release()
    }

    /// Writes everything back from the write-ahead log into the file, and empties the log.
    ///
    /// It may fail, on a full disk for instance, and nothing comes of that: every commit is durable
    /// in the log, which stays, and with which the next start goes on. Nobody is waited for: the
    /// store's own readers have ended, and no other process has any business in its files.
    private static func writeBack(_ database: Database) {
        try? database.execute(sql: "PRAGMA busy_timeout = 0")
        _ = try? database.checkpoint(.truncate)
    }
}
