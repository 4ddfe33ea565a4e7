internal import GRDB

/// Makes the file of a local store ready for use: finishes a salvage that was broken off, looks at
/// what is there, salvages it where it is damaged, and only then writes to it.
struct LocalFileOpening {
    /// How many pages the write-ahead log may reach before a commit checkpoints it.
    private static let checkpointPages = 1_000
    /// How many bytes the write-ahead log's file keeps after it has begun anew.
    private static let keptLogBytes = 8 << 20
    /// How many connections read.
    private static let readerCount = 2
    /// How many seconds a connection waits for another; none but this process has any business
    /// with the file, and a person who looks into it does not look for long.
    private static let patience = 5.0

    /// Where the file is, or is to be.
    let path: String
    /// When this happens.
    let moment: Timestamp

    /// Opens the file, whatever state it is in.
    ///
    /// - Throws: `LocalStoreError.tooNew` for a file of a newer version, which stays as it is.
    func open() throws(LocalStoreError) -> DatabasePool {
        let rescue = LocalRescue(path: path, moment: moment)
        try rescue.finish()
        try prepare(rescue)
        do throws(LocalStoreError) {
            return try Self.pool(at: path)
        } catch .damaged {
            // What lies outside of the tables that were looked at.
            try rescue.run()
            return try Self.pool(at: path)
        }
    }

    private func prepare(_ rescue: LocalRescue) throws(LocalStoreError) {
        let mark = DamageMark(of: path)
        do throws(LocalStoreError) {
            guard !mark.exists else { throw .damaged("it was found damaged the last time") }
            try rollBack()
            try LocalFileCheck.check(path)
        } catch .damaged {
            try rescue.run()
            mark.remove()
            try LocalFileCheck.check(path)
        }
        try DurableFiles.create(path)
    }

    /// Takes back what the making of a file had begun when it was broken off.
    ///
    /// Before a file has its write-ahead log, SQLite keeps beside it what a transaction changes,
    /// and a connection that only looks cannot put that back.
    private func rollBack() throws(LocalStoreError) {
        guard DurableFiles.size(of: path + "-journal") > 0 else { return }
        try storing {
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
            try queue.close()
        }
    }

    /// A connection that only looks.
    static func reader(of path: String) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opens a sound file, or an empty one, with the tables of this version.
    static func pool(at path: String) throws(LocalStoreError) -> DatabasePool {
        try storing {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // The pool set this to NORMAL after the configuration ran, and a commit of NORMAL
                // is lost with the power.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(keptLogBytes)")
            }
            try LocalSchema.migrator.migrate(pool)
            try pool.writeWithoutTransaction(verify)
            return pool
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "docket.client"
        configuration.maximumReaderCount = readerCount
        configuration.busyMode = .timeout(patience)
        // GRDB would end the process where a transaction could not be rolled back.
        configuration.allowsUnsafeTransactions = true
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

    /// Refuses to run with settings under which queued commands could be lost.
    private static func verify(_ database: Database) throws {
        let expected = [
            ("synchronous", "2"), ("journal_mode", "wal"), ("mmap_size", "0"),
            ("cell_size_check", "1"), ("wal_autocheckpoint", "\(checkpointPages)"),
            ("journal_size_limit", "\(keptLogBytes)"), ("page_size", "\(LocalSchema.pageSize)"),
            ("application_id", "\(LocalSchema.applicationID)"),
        ]
        for (name, value) in expected {
            let actual = try String.fetchOne(database, sql: "PRAGMA \(name)")
            guard actual == value else {
                throw LocalStoreError.failed("SQLite has \(name) at \(actual ?? "nothing")")
            }
        }
    }
}
