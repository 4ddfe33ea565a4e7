package import DocketStore
internal import GRDB

extension SQLiteStore {
    /// Puts a copy in the place of the store in a directory, with a new epoch, so that every
    /// client learns that what it has seen since the copy may be gone.
    ///
    /// The copy is verified before anything is replaced, and stays as it is.
    ///
    /// - Parameters:
    ///   - copy: A file that `beginBackup` made.
    ///   - directory: An existing directory; the store in it, if there is one, must not be open.
    ///   - epoch: The new epoch.
    /// - Throws: `StoreError.locked` when a server runs on the directory, `.corrupted` when the
    ///   copy is not sound, `.superseded` when a newer version made it.
    package static func restore(
        from copy: String,
        to directory: String,
        epoch: Epoch
    ) throws(StoreError) {
        let lock = try StoreLock(path: directory + "/docket.lock")
        defer { extendLifetime(lock) }
        let path = directory + "/" + fileName
        let partial = path + ".partial"
        FileOperations.remove(partial)
        do {
            try duplicate(copy, to: partial, epoch: epoch)
        } catch {
            FileOperations.remove(partial)
            throw error
        }
        settle(path)
        // The write-ahead log belongs to the store that is replaced: beside the copy it would be
        // played into it.
        FileOperations.remove(path + "-wal")
        FileOperations.remove(path + "-shm")
        try FileOperations.replace(path, with: partial)
    }

    /// Writes what a store has in its write-ahead log into its file, so that it is whole without
    /// the log, should the process end between the log's removal and the replacement.
    ///
    /// A store that cannot do so is damaged, which may be why it is replaced: then nothing is lost
    /// that could be read.
    static func settle(_ path: String) {
        guard FileOperations.exists(path), let store = try? DatabaseQueue(path: path) else {
            return
        }
        _ = try? store.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? store.close()
    }

    /// Makes a verified duplicate of a copy, under a new epoch.
    private static func duplicate(
        _ copy: String,
        to partial: String,
        epoch: Epoch
    ) throws(StoreError) {
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
            try target.write { database in
                try database.execute(
                    sql: "UPDATE meta SET epoch = ?",
                    arguments: [Int64(bitPattern: epoch.value)]
                )
            }
            try target.close()
        }
    }
}
