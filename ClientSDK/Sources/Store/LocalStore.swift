internal import GRDB

/// What a client keeps on this machine, in a file or in memory.
///
/// The file belongs to one process at a time, which `Profile` sees to, and exactly one connection
/// writes and checkpoints it: SQLite before 3.51.3 can corrupt a database in WAL mode that two
/// connections write or checkpoint at once (sqlite.org/wal.html, "The WAL-Reset Bug").
///
/// A commit of a file is durable when it returns, and waits on SQLite's own threads. A store in
/// memory commits on the caller's thread and never waits, so that one thread can run a whole test.
final class LocalStore: Sendable {
    /// What was saved of a damaged file when the store was opened; nil where none was damaged.
    let salvage: LocalSalvage?
    /// Whether this is a copy of what another process keeps, and is gone with this one.
    let isCopy: Bool
    private let writer: LocalWriter

    /// Opens a file, and makes it where there is none.
    ///
    /// A damaged file is set aside under another name and what can be read of it goes into a new
    /// one; `salvage` says so.
    ///
    /// - Parameters:
    ///   - path: An absolute path in a folder that no other process works in.
    ///   - moment: When this happens, for the name of a damaged file.
    ///   - maximumPages: How many pages of 4,096 bytes the file may have; nil for no bound but the
    ///     disk's.
    /// - Throws: `LocalStoreError` where the file cannot be used.
    init(
        path: String,
        at moment: Timestamp = .now,
        maximumPages: Int? = nil
    ) throws(LocalStoreError) {
        let opening = LocalFileOpening(path: path, moment: moment)
        let pool = try opening.open()
        if let maximumPages {
            try storing {
                try pool.writeWithoutTransaction { database in
                    try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)")
                }
            }
        }
        let folder = DurableFiles.folder(of: path)
        salvage = try storing { try pool.read { try LocalSalvage.fetch($0, in: folder) } }
        writer = LocalWriter(.file(pool))
        isCopy = false
    }

    private init(memory: DatabaseQueue, isCopy: Bool = false) {
        salvage = nil
        self.isCopy = isCopy
        writer = LocalWriter(.memory(memory))
    }

    /// A store on a disk that is there before and after it.
    ///
    /// - Parameters:
    ///   - disk: The disk, which one store writes at a time.
    ///   - obstacle: Asked before every commit what stands in its way.
    init(on disk: MemoryDisk, obstacle: @escaping @Sendable () -> MemoryDisk.Obstacle?) {
        salvage = nil
        isCopy = false
        writer = LocalWriter(.disk(disk, obstacle))
    }

    deinit { writer.close() }

    /// A store that is gone with the last reference to it.
    static func inMemory() throws(LocalStoreError) -> LocalStore {
        LocalStore(memory: try memory())
    }

    private static func memory() throws(LocalStoreError) -> DatabaseQueue {
        try storing {
            let queue = try DatabaseQueue()
            try LocalSchema.migrator.migrate(queue)
            return queue
        }
    }

    /// The largest file that is copied into memory as a whole, in bytes.
    private static let largestCopy: UInt64 = 64 << 20

    /// A store in memory with what a file holds that another process writes, but for its commands
    /// and read marks, which are that process's to send; of a file over `largestCopy` it holds the
    /// owner alone.
    static func copy(of path: String) async throws(LocalStoreError) -> LocalStore {
        let size = DurableFiles.size(of: path) + DurableFiles.size(of: path + "-wal")
        guard size <= largestCopy else {
            let queue = try memory()
            let store = LocalStore(memory: queue, isCopy: true)
            if let owner = try look(into: path).content.owner {
                try await store.commit([.owner(owner)])
            }
            return store
        }
        let queue = try storing {
            let reader = try LocalFileOpening.reader(of: path)
            let queue = try DatabaseQueue()
            try reader.backup(to: queue)
            try queue.write { try LocalTables($0).leaveToHolder() }
            try reader.close()
            return queue
        }
        return LocalStore(memory: queue, isCopy: true)
    }

    /// What a file holds that another process writes, and the calls of its commands.
    static func look(
        into path: String
    ) throws(LocalStoreError) -> (content: LocalContent, calls: [UInt64: [UInt8]]) {
        try storing {
            let reader = try LocalFileOpening.reader(of: path)
            let found = try reader.read { database in
                let tables = LocalTables(database)
                let content = try tables.content()
                var calls: [UInt64: [UInt8]] = [:]
                for command in content.commands {
                    calls[command.position] = try tables.callIfThere(at: command.position)
                }
                return (content, calls)
            }
            try reader.close()
            return found
        }
    }

    /// What is kept, without the calls of the commands.
    func content() throws(LocalStoreError) -> LocalContent {
        try writer.read { try $0.content() }
    }

    /// The encoded calls of the commands at some positions; none of those that are not there.
    ///
    /// - Throws: `LocalStoreError.damaged` where one is not the call that was queued.
    func calls(of positions: [UInt64]) throws(LocalStoreError) -> [UInt64: [UInt8]] {
        try writer.read { tables in
            var calls: [UInt64: [UInt8]] = [:]
            for position in positions { calls[position] = try tables.callIfThere(at: position) }
            return calls
        }
    }

    /// The encoded call of the command at a position.
    ///
    /// - Throws: `LocalStoreError.damaged` where it is not the call that was queued, and `.failed`
    ///   where no command is there.
    func call(of position: UInt64) throws(LocalStoreError) -> [UInt8] {
        try writer.read { try $0.call(at: position) }
    }

    /// Reads what is held of the server's, in one transaction.
    func read<Value>(
        _ body: (ReplicaTables) throws -> Value
    ) throws(LocalStoreError) -> Value {
        try writer.read { try body($0.replica) }
    }

    /// Reads what relays keep, in one transaction.
    func readRelays<Value>(
        _ body: (RelayTables) throws -> Value
    ) throws(LocalStoreError) -> Value {
        try writer.read { try body($0.relays) }
    }

    /// How many messages are not delivered yet: commands without a verdict, what relays took in and
    /// have not put into the outbox, and what they have yet to deliver.
    func undeliveredCount() throws(LocalStoreError) -> Int {
        try writer.read { tables in
            try tables.content().commands.count + tables.relays.unsettledCount()
        }
    }

    /// The newest requests of conversations of which only the id is known.
    func lackingRequests() throws(LocalStoreError) -> [RequestID] {
        try read { try $0.lackingRequests(limit: 100) }
    }

    /// Carries changes out, together and durably.
    ///
    /// Commits take effect in the order in which they were called. Those that come while one is
    /// under way share the next transaction, and each still succeeds or fails alone. Cancelling the
    /// task changes nothing: a commit that has begun is decided.
    ///
    /// - Throws: `LocalStoreError.full` where the disk has no room, after which the store goes on
    ///   as before. After any other error of the disk the outcome is unknown, and the store takes
    ///   no further commits: what the system once failed to write it may later claim to have
    ///   written.
    func commit(_ changes: [LocalChange]) async throws(LocalStoreError) {
        try await writer.commit(changes)
    }

    /// Ends all commits under way and gives the file back; nothing to do where that was done.
    func close() {
        writer.close()
    }

    /// How many transactions there were, for tests of how commits share them.
    var transactionCount: Int { writer.transactionCount }

    /// How many commits were accepted into a file, for tests of how they share transactions.
    var commitCount: Int { writer.commitCount }

    /// Runs something where a file's commits run, for tests of what waits behind it.
    func occupy(_ body: @escaping @Sendable () -> Void) {
        writer.occupy(body)
    }

    /// A setting of the connection that writes, for tests of what makes commits durable.
    func setting(_ name: String) throws(LocalStoreError) -> String? {
        try writer.setting(name)
    }
}
