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
    /// The logins of agents who could sign in in the copy and are locked out now.
    package let lockedAgents: [String]
    /// The logins of administrators who were locked in the replaced store and can sign in again,
    /// since nobody else could administer the desk.
    package let unlockedAdministrators: [String]
    /// The logins of agents whose password is that of the copy again, and not the replaced store's.
    package let otherPasswords: [String]
}

extension SQLiteStore {
    /// Puts a copy in the place of the store in a directory, with a new epoch, so that every
    /// client learns that what it has seen since the copy may be gone.
    ///
    /// A copy remembers who might come in when it was made. Access that was taken away since must
    /// not come back with it: every session ends, keys that the replaced store or the caller knows
    /// as revoked are revoked in its place too, keys that are to end by themselves end, and agents
    /// whom the replaced store has locked out stay so. The one exception: administrators are not
    /// locked where nobody could administer the desk then.
    ///
    /// The copy is verified before anything is replaced, and stays as it is.
    ///
    /// - Parameters:
    ///   - copy: A file that `beginBackup` made.
    ///   - directory: An existing directory; the store in it, if there is one, must not be open.
    ///   - epoch: The new epoch.
    ///   - revokedKeys: The ids of keys that are to be revoked, whether or not the copy has them.
    ///   - moment: The present: when they count as revoked, and which keys have ended.
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
        var replaced = settle(path)
        for key in revokedKeys where replaced.revocations[key] == nil {
            replaced.revocations[key] = moment
        }
        let restoration: SQLiteRestoration
        do {
            restoration = try duplicate(
                copy,
                to: partial,
                epoch: epoch,
                replacing: replaced,
                at: moment
            )
        } catch {
            FileOperations.remove(partial)
            throw error
        }
        // The write-ahead log belongs to the store that is replaced: beside the copy it would be
        // played into it.
        FileOperations.remove(path + "-wal")
        FileOperations.remove(path + "-shm")
        try FileOperations.replace(path, with: partial)
        return restoration
    }

    /// Writes what a store has in its write-ahead log into its file, so that it is whole without
    /// the log, should the process end between the log's removal and the replacement; and reads
    /// who may no longer come in.
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
        return (try? store.read(ReplacedStore.init)) ?? ReplacedStore(state: .unreadable)
    }

    /// Makes a verified duplicate of a copy, under a new epoch and without the access that was
    /// taken away.
    private static func duplicate(
        _ copy: String,
        to partial: String,
        epoch: Epoch,
        replacing replaced: ReplacedStore,
        at moment: Timestamp
    ) throws(StoreError) -> SQLiteRestoration {
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
            let restoration = try target.write { database in
                try database.execute(
                    sql: "UPDATE meta SET epoch = ?",
                    arguments: [Int64(bitPattern: epoch.value)]
                )
                return try replaced.takeAccess(in: database, at: moment)
            }
            try target.close()
            return restoration
        }
    }
}
