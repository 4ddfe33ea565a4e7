internal import GRDB

/// Looks whether a file is a sound local store, without changing anything of it.
///
/// It reads everything that is never to be lost, and has SQLite check the structure of those
/// tables. That costs as much as there is queued, which is next to nothing as a rule. The large
/// cache tables are not looked at: damage to them shows when they are read, and is noted then.
///
/// Nothing of a damaged file is taken for granted: its tables are compared with those that it
/// should have before anything is read of them, and values are taken as they are.
struct LocalFileCheck {
    private let database: Database

    /// Checks a file; one that is empty or missing is sound.
    ///
    /// - Throws: `LocalStoreError.damaged` or `.tooNew`, or `.failed` for another program's file.
    static func check(_ path: String) throws(LocalStoreError) {
        guard DurableFiles.size(of: path) > 0 else {
            // A log without its file: SQLite would remove it.
            guard DurableFiles.size(of: path + "-wal") == 0 else {
                throw .damaged("\(path) is empty, though it has a log")
            }
            return
        }
        try checkHeader(path)
        let reader = try examining { try LocalFileOpening.reader(of: path) }
        try examining {
            try reader.read { try LocalFileCheck(database: $0).run() }
            try reader.close()
        }
    }

    /// Compares what SQLite would take for another kind of database, or write to no more.
    private static func checkHeader(_ path: String) throws(LocalStoreError) {
        let header = try DurableFiles.read(path, upTo: 100)
        // Texts are UTF-8. Before the first checkpoint of a new file the log alone says so, and
        // SQLite takes 0 for the same.
        let encodings: [[UInt8]] = [[0, 0, 0, 0], [0, 0, 0, 1]]
        let isSound =
            header.count == 100 && header.starts(with: Array("SQLite format 3\0".utf8))
            // The size of a page, in two bytes, and the versions of the format for writing and
            // reading.
            && header[16...17].elementsEqual([0x10, 0]) && header[18...19].allSatisfy { $0 <= 2 }
            // No bytes of a page are reserved.
            && header[20] == 0 && encodings.contains(Array(header[56...59]))
        guard isSound else { throw .damaged("the header of \(path) is damaged") }
    }

    private func run() throws {
        let tables = try shape(of: database)
        let applicationID = try number("PRAGMA application_id")
        guard tables.contains(where: { $0.name == .text("grdb_migrations") }) else {
            // A file whose making was broken off has nothing in it.
            if applicationID == 0, tables.isEmpty { return }
            guard applicationID == Int64(LocalSchema.applicationID) || hasOutbox(tables) else {
                throw LocalStoreError.failed("the file is another program's")
            }
            throw LocalStoreError.damaged("tables are missing")
        }
        let migrations = try migrations()
        if migrations.isEmpty, applicationID == 0, tables.count <= 2 { return }
        guard applicationID == Int64(LocalSchema.applicationID) else {
            guard hasOutbox(tables) else {
                throw LocalStoreError.failed("the file is another program's")
            }
            throw LocalStoreError.damaged("the header is damaged")
        }
        try checkVersion(migrations, tables)
        // A file of an earlier version has not all of them.
        let names = tables.map(\.name)
        for table in LocalSchema.tablesOfOpening where names.contains(.text(table)) {
            guard try text("PRAGMA integrity_check(\(table))") == "ok" else {
                throw LocalStoreError.damaged("the structure of the table \(table) is damaged")
            }
        }
        try LocalTables(database).verify()
    }

    private func hasOutbox(_ tables: [Entry]) -> Bool {
        tables.contains { $0.name == .text("outbox") }
    }

    /// Tells a file of a newer version from one whose list of versions is damaged.
    private func checkVersion(_ migrations: [String], _ tables: [Entry]) throws {
        let known = LocalSchema.migrator.migrations
        guard migrations.allSatisfy(known.contains) else {
            // Each name is in the table and in its index: both would have to be damaged alike.
            guard try text("PRAGMA integrity_check(grdb_migrations)") == "ok" else {
                throw LocalStoreError.damaged("the list of versions is damaged")
            }
            throw LocalStoreError.tooNew
        }
        guard let last = migrations.last, known.starts(with: migrations),
            try expected(upTo: last) == tables
        else { throw LocalStoreError.damaged("the list of tables is damaged") }
    }

    private func migrations() throws -> [String] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid"
        )
        return try rows.map { try RowReading($0, of: "the list of versions").text(0) }
    }

    private func number(_ statement: String) throws -> Int64? {
        try Row.fetchOne(database, sql: statement).map {
            try RowReading($0, of: "the header").integer(0)
        }
    }

    private func text(_ statement: String) throws -> String? {
        try Row.fetchOne(database, sql: statement).map {
            try RowReading($0, of: "the result of a check").text(0)
        }
    }

    /// One table or index of a file.
    private struct Entry: Equatable {
        let type: Value
        let name: Value
        let table: Value
        let statement: Value
    }

    /// A value of a file, whatever it may be.
    private enum Value: Equatable {
        case text(String)
        case null
        case other

        init(_ value: DatabaseValue) {
            switch value.storage {
            case .string(let text): self = .text(text)
            case .null: self = .null
            default: self = .other
            }
        }
    }

    /// The tables and indexes of a database.
    private func shape(of database: Database) throws -> [Entry] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"
        )
        return rows.map { row in
            Entry(
                type: Value(row[0]),
                name: Value(row[1]),
                table: Value(row[2]),
                statement: Value(row[3])
            )
        }
    }

    /// The tables and indexes that a file of a version has.
    private func expected(upTo migration: String) throws -> [Entry] {
        let queue = try DatabaseQueue()
        try LocalSchema.migrator.migrate(queue, upTo: migration)
        return try queue.read(shape)
    }
}
