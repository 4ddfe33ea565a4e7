package import DocketStore
internal import Foundation
internal import GRDB

/// What a look at a store has found.
package struct SQLiteStoreCheck: Hashable, Sendable {
    /// What contradicts itself, in words; nothing in a sound store.
    package let problems: [String]
    /// The steps of the schema that the next server will make.
    package let dueMigrations: [String]

    /// Describes what was found.
    package init(problems: [String], dueMigrations: [String]) {
        self.problems = problems
        self.dueMigrations = dueMigrations
    }
}

extension SQLiteStore {
    /// Looks at the store in a directory without changing it.
    ///
    /// - Parameters:
    ///   - directory: The directory of a store on which no server runs.
    ///   - hash: SHA-256, with which the log is compared with its chain; `nil` to leave that out.
    /// - Returns: What was found; of the log no more than the first 100 findings.
    /// - Throws: `StoreError.locked` when a server runs on the directory, `.superseded` when a
    ///   newer version wrote the store, `.corrupted` when it is not a store.
    package static func look(
        at directory: String,
        hash: AuditHash? = nil
    ) throws(StoreError) -> SQLiteStoreCheck {
        try lookInto(directory) { database in
            let migrator = Schema.migrator
            let completed = try migrator.completedMigrations(database)
            let due = migrator.migrations.filter { !completed.contains($0) }
            var problems = try SQLiteCheck.problems(in: database)
            if due.isEmpty { problems += try SQLiteCheck.contradictions(in: database) }
            if let hash, due.isEmpty { problems += try alterations(in: database, hash) }
            return SQLiteStoreCheck(problems: problems, dueMigrations: due)
        }
    }

    /// Names the contents that the attachments in a directory's store have, each once.
    ///
    /// - Parameters:
    ///   - directory: The directory of a store on which no server runs.
    ///   - body: Is given the SHA-256 of a content and its size in bytes.
    /// - Throws: The same as `look(at:hash:)`.
    package static func forEachContent(
        at directory: String,
        _ body: (_ sha256: [UInt8], _ size: UInt64) -> Void
    ) throws(StoreError) {
        try lookInto(directory) { database in
            guard try database.tableExists("attachment") else { return }
            let contents = try Row.fetchCursor(
                database,
                sql: "SELECT sha256, max(size) FROM attachment GROUP BY sha256"
            )
            while let content = try contents.next() {
                let sha256: Data = content[0]
                body(Array(sha256), UInt64(clamping: content[1] as Int64))
            }
        }
    }

    /// Reads the store in a directory on which no server runs.
    private static func lookInto<Result>(
        _ directory: String,
        _ body: (Database) throws -> Result
    ) throws(StoreError) -> Result {
        let lock = try StoreLock(path: directory + "/docket.lock")
        defer { lock.release() }
        return try storing {
            var configuration = Configuration()
            configuration.readonly = true
            let file = try DatabaseQueue(
                path: directory + "/" + fileName,
                configuration: configuration
            )
            defer { try? file.close() }
            return try file.read { database in
                let application = try Int32.fetchOne(database, sql: "PRAGMA application_id")
                guard application == Schema.applicationID else {
                    throw StoreError.corrupted("the file is no store of Docket")
                }
                if try Schema.migrator.hasBeenSuperseded(database) { throw StoreError.superseded }
                return try body(database)
            }
        }
    }

    /// How many alterations of the log are told: whoever finds so many restores a copy.
    private static let toldAlterations = 100

    /// What was altered in the log.
    private static func alterations(
        in database: Database,
        _ hash: @escaping AuditHash
    ) throws(StoreError) -> [String] {
        var told: [String] = []
        try AuditVerifier.verify(SQLiteReader(database: database), hash: hash) { finding in
            if told.count < toldAlterations { told.append("\(finding)") }
        }
        return told
    }
}
