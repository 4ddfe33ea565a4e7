package import DocketStore
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
    /// - Parameter directory: The directory of a store on which no server runs.
    /// - Returns: What was found.
    /// - Throws: `StoreError.locked` when a server runs on the directory, `.superseded` when a
    ///   newer version wrote the store, `.corrupted` when it is none.
    package static func look(at directory: String) throws(StoreError) -> SQLiteStoreCheck {
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
                let migrator = Schema.migrator
                if try migrator.hasBeenSuperseded(database) { throw StoreError.superseded }
                let completed = try migrator.completedMigrations(database)
                return SQLiteStoreCheck(
                    problems: try SQLiteCheck.problems(in: database),
                    dueMigrations: migrator.migrations.filter { !completed.contains($0) }
                )
            }
        }
    }
}
