internal import DocketStore
internal import GRDB
internal import GRDBSQLite

/// A copy of a store in the making, by SQLite's online backup.
///
/// The copy reads through the connection that writes: pages which that connection changes in
/// between are brought up to date in the copy, where another connection would make it begin again.
/// The class is safe because the handle leaves it never and is used in the writer's turn alone. It
/// may be handed from thread to thread because one thread at a time uses it, as `StoreBackup` asks:
/// the writer's until all is copied, then the one that finishes.
@safe final class SQLiteBackup: StoreBackup, @unchecked Sendable {
    /// How many pages one step copies, 1 MiB: a step holds the writer up for about a millisecond.
    private static let pagesInStep: Int32 = 256

    private let source: DatabasePool
    private let path: String
    private let partial: String
    private var copy: DatabaseQueue?
    private var handle: OpaquePointer?

    init(of source: DatabasePool, to path: String) throws(StoreError) {
        self.source = source
        self.path = path
        partial = path + ".partial"
        FileOperations.remove(partial)
        let partial = partial
        let copy = try storing { try DatabaseQueue(path: partial) }
        self.copy = copy
        try storing {
            try source.writeWithoutTransaction { from in
                try copy.inDatabase { to in
                    unsafe handle = sqlite3_backup_init(
                        to.sqliteConnection,
                        "main",
                        from.sqliteConnection,
                        "main"
                    )
                    guard unsafe handle != nil else { throw DatabaseError() }
                }
            }
        }
    }

    func step() throws(StoreError) -> Bool {
        guard let handle = unsafe handle else { return true }
        let code = source.writeWithoutTransaction { _ in
            unsafe sqlite3_backup_step(handle, Self.pagesInStep)
        }
        switch code {
        case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return false
        case SQLITE_DONE:
            release()
            return true
        default: throw StoreError(DatabaseError(resultCode: ResultCode(rawValue: code)))
        }
    }

    func finish() throws(StoreError) {
        guard let copy else { return }
        let problems = try storing {
            // A single file is what people copy around: nothing of it may be left in a log of
            // its own.
            try copy.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            return try copy.read(SQLiteCheck.problems)
        }
        try storing { try copy.close() }
        self.copy = nil
        if let problem = problems.first { throw .corrupted(problem) }
        try FileOperations.replace(path, with: partial)
    }

    private func release() {
        guard let handle = unsafe handle else { return }
        source.writeWithoutTransaction { _ in _ = unsafe sqlite3_backup_finish(handle) }
        unsafe self.handle = nil
    }

    func cancel() {
        release()
        try? copy?.close()
        copy = nil
        FileOperations.remove(partial)
        FileOperations.remove(partial + "-journal")
    }

    deinit { cancel() }
}
