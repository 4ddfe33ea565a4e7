package import DocketStore
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
    /// Which part of the disk, and of the pages beyond the file's bound, a transaction may use.
    private enum Room {
        /// What everybody has.
        case common
        /// What is kept back for what was put off.
        case rows
        /// What is kept back for what takes access away.
        case access

        /// How many pages beyond its bound the file may have: for some hundred commands that take
        /// access away, beside what was put off.
        var pages: Int {
            switch self {
            case .common: 0
            case .rows: 1_024
            case .access: 2_048
            }
        }
    }
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
    /// How many entries such a step takes while a store is opened and nobody waits for a command: a
    /// request that many of them change is written once, and what they change, some megabytes, is
    /// in the write-ahead log at once.
    static let entriesOfOpening: UInt64 = 16_384

    private let pool: DatabasePool
    private let lock: StoreLock
    private let directory: String
    private let memory = WriterMemory()
    /// The room kept back for transactions that may not wait for a disk to have some.
    private let reserve: StoreReserve
    /// The room kept back for what was put off.
    private let rowsReserve: StoreReserve
    /// The error after which the store takes nothing more.
    private let failure = Mutex<StoreError?>(nil)
    /// How many pages the file may have; `nil` for no bound.
    private let maximumPages = Mutex<Int?>(nil)
    /// How far the rows have come behind the log.
    private let progress = Mutex(Progress())
    private let longestBacklog: Int

    /// Opens the store in a directory, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - directory: An existing directory that only the server uses.
    ///   - newEpoch: The epoch of the log, where the store is made now.
    ///   - maximumPages: How many pages of 4,096 bytes the file may have; `nil` for no bound but
    ///     the disk's. Beyond it, commands are refused as on a full disk.
    ///   - reserveBytes: How many bytes of the disk are kept back for transactions that take
    ///     access away, and as many for what was put off.
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
        rowsReserve = StoreReserve(path: directory + "/docket.reserve-rows", bytes: reserveBytes)
        let path = directory + "/" + Self.fileName
        pool = try storing { try DatabasePool(path: path, configuration: Self.configuration) }
        try Self.prepare(pool, newEpoch: newEpoch)
        if let maximumPages { try limitPages(to: maximumPages) }
        try catchUp(inStepsOf: Self.entriesOfOpening)
        try write { transaction throws(StoreError) in
            memory.recent = try transaction.readRecentCommands()
            memory.followed = try transaction.followed(.rows)
            memory.head = try transaction.logHead()
            memory.hasReadBacklog = true
        }
        reserve.keep()
        rowsReserve.keep()
    }

    /// Bounds the file to so many pages of 4,096 bytes.
    ///
    /// Beyond them, commands are refused as on a full disk; a bound below the file's size counts as
    /// that size.
    package func limitPages(to count: Int) throws(StoreError) {
        try storing {
            try pool.writeWithoutTransaction { try Self.setLimit(count, in: $0) }
        }
        maximumPages.withLock { $0 = count }
    }

    private static func setLimit(_ count: Int, in database: Database) throws {
        try database.execute(sql: "PRAGMA max_page_count = \(count)")
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
        var progress = self.progress.withLock { $0 }
        while progress.waiting >= longestBacklog {
            let come = try follow(.rows, atMost: Self.entriesOfStep)
            guard come > progress.followed else { break }
            progress = self.progress.withLock { $0 }
        }
        return try write(body)
    }

    package func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try write(in: .access, body) }

    /// Runs a transaction in some room of the disk.
    private func write<Result>(
        in room: Room = .common,
        _ body: (SQLiteTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        if let failure = failure.withLock({ $0 }) { throw failure }
        return try storing {
            try pool.writeWithoutTransaction { database in
                guard room != .common else { return try transact(in: database, body) }
                // Within one turn of the writer, so that nobody else has the room.
                return try open(room, database) { try transact(in: database, body) }
            }
        }
    }

    private func transact<Result>(
        in database: Database,
        _ body: (SQLiteTransaction) throws(StoreError) -> Result
    ) throws -> Result {
        // GRDB would have SQLite read both statements again for every transaction.
        try run(Statements.begin, in: database)
        do {
            let transaction = SQLiteTransaction(database, memory: memory)
            let result = try body(transaction)
            try transaction.finish()
            try commit(database)
            transaction.settle()
            progress.withLock { $0 = memory.progress(since: $0) }
            return result
        } catch {
            memory.forget()
            note(error)
            // Where SQLite has rolled back by itself there is nothing left to do, and where rolling
            // back fails too, the error at hand is the one that explains it.
            try? database.rollback()
            throw error
        }
    }

    /// Remembers an error after which nobody knows what is on the disk.
    ///
    /// Not only the desk's writer commits: whoever comes next has to learn of it.
    private func note(_ error: any Error) {
        switch StoreError(error) {
        case .commitFailed, .ioFailure: failure.withLock { $0 = $0 ?? StoreError(error) }
        case .full, .locked, .corrupted, .damaged, .superseded, .unsafeSettings, .unsupported:
            return
        }
    }

    /// Opens some room for one transaction.
    private func open<Result>(
        _ room: Room,
        _ database: Database,
        _ body: () throws -> Result
    ) throws -> Result {
        let reserve = room == .rows ? rowsReserve : reserve
        reserve.release()
        defer { reserve.keep() }
        guard let limit = maximumPages.withLock({ $0 }) else { return try body() }
        try Self.setLimit(limit + room.pages, in: database)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try body())
        } catch {
            result = .failure(error)
        }
        do {
            try Self.setLimit(limit, in: database)
        } catch {
            // The transaction may be durable already.
            let failure = StoreError.commitFailed("\(error)")
            note(failure)
            throw failure
        }
        return try result.get()
    }

    // MARK: Followers

    package func follow(
        _ follower: Follower,
        atMost count: UInt64
    ) throws(StoreError) -> UInt64 {
        try write { transaction throws(StoreError) in
            try transaction.follow(follower, atMost: count)
        }
    }

    /// Writes what was put off up to an offset, in bounded steps.
    ///
    /// What was acknowledged is to be read, and a store is to be opened: on a full disk it has some
    /// room of its own.
    private func catchUp(
        to goal: UInt64 = .max,
        inStepsOf count: UInt64 = entriesOfStep
    ) throws(StoreError) {
        var come: UInt64?
        while progress.withLock({ $0.followed }) < goal {
            let next: UInt64
            do throws(StoreError) {
                next = try follow(.rows, atMost: count)
            } catch {
                guard error == .full else { throw error }
                // That room is small, and is used again after each step.
                let few = min(count, Self.entriesOfStep)
                next = try write(in: .rows) { transaction throws(StoreError) in
                    try transaction.follow(.rows, atMost: few)
                }
            }
            guard next != come else { return }
            come = next
        }
    }

    /// Runs a statement without values.
    private func run(_ sql: SQL, in database: Database) throws {
        let none: [0 of SQLValue] = []
        try StatementRow.execute(memory.statement(sql, in: database), none.span, in: database)
    }

    /// Commits.
    ///
    /// A full disk is known to have rolled back; after any other failure the frames may yet be
    /// found in the write-ahead log by a recovery.
    private func commit(_ database: Database) throws(StoreError) {
        do {
            try run(Statements.commit, in: database)
        } catch {
            let failure = StoreError(error)
            guard case .full = failure else { throw .commitFailed("\(failure)") }
            throw failure
        }
    }

    package func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let progress = self.progress.withLock { $0 }
        if progress.waiting > 0 { try catchUp(to: progress.head) }
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
        return try storing {
            try pool.read { try SQLiteCheck.problems(in: $0) + SQLiteCheck.contradictions(in: $0) }
        }
    }

    package func close() throws(StoreError) {
        do throws(StoreError) {
            try catchUp()
        } catch {
            // What is not written yet is made of the log by the next start.
            guard !error.isFatal else { throw error }
        }
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
