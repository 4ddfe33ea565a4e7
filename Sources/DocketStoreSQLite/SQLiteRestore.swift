package import DocketDomain
package import DocketStore
internal import Foundation
internal import GRDB

/// What became of sessions and keys when a copy was put in the place of a store.
package struct SQLiteRestoration: Hashable, Sendable {
    /// What was known of the store that the copy replaced.
    package enum Replaced: Hashable, Sendable {
        /// There was none.
        case nothing
        /// It told which keys had been revoked.
        case read
        /// It could not be read, so that nobody knows which keys had been revoked.
        case unreadable
    }

    /// A key of an integration or a partner, without its secret.
    package struct Key: Hashable, Sendable {
        /// The part of the key by which it is found.
        package let keyID: String
        /// Whose key it is.
        package let owner: PrincipalID
        /// The owner's name.
        package let name: String
        /// The channel that an integration serves; `nil` for a partner.
        package let channel: ChannelKey?
    }

    /// What was known of the store that the copy replaced.
    package let replaced: Replaced
    /// How many sessions of the copy were ended.
    package let endedSessions: Int
    /// The keys that worked in the copy and are revoked now.
    package let revokedKeys: [Key]
    /// The keys that work.
    package let workingKeys: [Key]
}

extension SQLiteStore {
    /// Puts a copy in the place of the store in a directory, with a new epoch, so that every
    /// client learns that what it has seen since the copy may be gone.
    ///
    /// A copy remembers who might come in when it was made. Access that was taken away since must
    /// not come back with it: every session ends, and keys that the replaced store or the caller
    /// knows as revoked are revoked in its place too.
    ///
    /// The copy is verified before anything is replaced, and stays as it is.
    ///
    /// - Parameters:
    ///   - copy: A file that `beginBackup` made.
    ///   - directory: An existing directory; the store in it, if there is one, must not be open.
    ///   - epoch: The new epoch.
    ///   - revokedKeys: The ids of keys that are to be revoked, whether or not the copy has them.
    ///   - moment: When they count as revoked.
    /// - Returns: What became of sessions and keys.
    /// - Throws: `StoreError.locked` when a server runs on the directory, `.corrupted` when the
    ///   copy is not sound, `.superseded` when a newer version made it.
    @discardableResult
    package static func restore(
        from copy: String,
        to directory: String,
        epoch: Epoch,
        revokedKeys: Set<String> = [],
        at moment: Timestamp
    ) throws(StoreError) -> SQLiteRestoration {
        let lock = try StoreLock(path: directory + "/docket.lock")
        defer { extendLifetime(lock) }
        let path = directory + "/" + fileName
        let partial = path + ".partial"
        FileOperations.remove(partial)
        let replaced = settle(path)
        var revocations = replaced.revocations
        for key in revokedKeys where revocations[key] == nil { revocations[key] = moment }
        let access: Access
        do {
            access = try duplicate(copy, to: partial, epoch: epoch, revoking: revocations)
        } catch {
            FileOperations.remove(partial)
            throw error
        }
        // The write-ahead log belongs to the store that is replaced: beside the copy it would be
        // played into it.
        FileOperations.remove(path + "-wal")
        FileOperations.remove(path + "-shm")
        try FileOperations.replace(path, with: partial)
        return SQLiteRestoration(
            replaced: replaced.state,
            endedSessions: access.endedSessions,
            revokedKeys: access.revokedKeys,
            workingKeys: access.workingKeys
        )
    }

    /// What a store that is to be replaced has told.
    struct ReplacedStore {
        var state: SQLiteRestoration.Replaced
        /// When its revoked keys were revoked, by their ids.
        var revocations: [String: Timestamp] = [:]
    }

    /// Writes what a store has in its write-ahead log into its file, so that it is whole without
    /// the log, should the process end between the log's removal and the replacement; and reads
    /// which keys were revoked.
    ///
    /// A store that cannot do so is damaged, which may be why it is replaced: then nothing is lost
    /// that could be read.
    @discardableResult
    static func settle(_ path: String) -> ReplacedStore {
        guard FileOperations.exists(path) else { return ReplacedStore(state: .nothing) }
        guard let store = try? DatabaseQueue(path: path) else {
            return ReplacedStore(state: .unreadable)
        }
        defer { try? store.close() }
        _ = try? store.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        guard let revocations = try? store.read(revocations) else {
            return ReplacedStore(state: .unreadable)
        }
        return ReplacedStore(state: .read, revocations: revocations)
    }

    private static func revocations(_ database: Database) throws -> [String: Timestamp] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT key_id, revoked_at FROM api_key WHERE revoked_at IS NOT NULL"
        )
        return Dictionary(
            rows.map { row in
                (row[0] as String, Timestamp(milliseconds: UInt64(clamping: row[1] as Int64)))
            }
        ) { first, _ in first }
    }

    private typealias Access = (
        endedSessions: Int, revokedKeys: [SQLiteRestoration.Key],
        workingKeys: [SQLiteRestoration.Key]
    )

    /// Makes a verified duplicate of a copy, under a new epoch and without the access that was
    /// taken away.
    private static func duplicate(
        _ copy: String,
        to partial: String,
        epoch: Epoch,
        revoking revocations: [String: Timestamp]
    ) throws(StoreError) -> Access {
        try storing {
            var configuration = Configuration()
            configuration.readonly = true
            let source = try DatabaseQueue(path: copy, configuration: configuration)
            let target = try DatabaseQueue(path: partial)
            try source.backup(to: target)
            try source.close()
            let migrator = Schema.migrator
            if try target.read(migrator.hasBeenSuperseded) { throw StoreError.superseded }
            try migrator.migrate(target)
            if let problem = try target.read(SQLiteCheck.problems).first {
                throw StoreError.corrupted(problem)
            }
            let access = try target.write { database in
                try database.execute(
                    sql: "UPDATE meta SET epoch = ?",
                    arguments: [Int64(bitPattern: epoch.value)]
                )
                return try takeAccess(in: database, revoking: revocations)
            }
            try target.close()
            return access
        }
    }

    /// Ends every session, and revokes keys.
    private static func takeAccess(
        in database: Database,
        revoking revocations: [String: Timestamp]
    ) throws -> Access {
        try database.execute(sql: "DELETE FROM session")
        let ended = database.changesCount
        let before = try workingKeys(in: database)
        let revoked = before.filter { revocations[$0.keyID] != nil }
        for key in revoked {
            let moment = revocations[key.keyID]?.milliseconds ?? 0
            try database.execute(
                sql: "UPDATE api_key SET revoked_at = ? WHERE key_id = ?",
                arguments: [Int64(clamping: moment), key.keyID]
            )
        }
        return (ended, revoked, try workingKeys(in: database))
    }

    private static func workingKeys(in database: Database) throws -> [SQLiteRestoration.Key] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT k.key_id, p.id, p.name, p.channel
                FROM api_key k JOIN principal p ON p."key" = k.principal
                WHERE k.revoked_at IS NULL ORDER BY p.name, k.key_id
                """
        ).compactMap { row in
            PrincipalID(bytes: row[1] as Data).map { owner in
                SQLiteRestoration.Key(
                    keyID: row[0],
                    owner: owner,
                    name: row[2],
                    channel: row[3]
                )
            }
        }
    }
}
