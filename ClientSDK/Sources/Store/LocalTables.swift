internal import DocketCrypto
internal import FoundationEssentials
internal import GRDB

/// Reads and changes the tables of a local store, on a connection that has begun a transaction.
struct LocalTables {
    private let database: Database

    /// The tables of a database.
    init(_ database: Database) {
        self.database = database
    }

    /// What is held of the server's.
    var replica: ReplicaTables { ReplicaTables(database) }

    /// What relays keep.
    var relays: RelayTables { RelayTables(database) }

    /// The read marks that the server does not have yet.
    private var marks: ReadMarkTable { ReadMarkTable(database) }

    /// Carries a change out.
    ///
    /// - Throws: What SQLite refuses, or `LocalStoreError` for a change of what is not there.
    func apply(_ change: LocalChange) throws {
        switch change {
        case .queue(let command, let call):
            try insert(command, call: call)
        case .queueFile(let file):
            try execute(
                "INSERT INTO upload(\(UploadRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                UploadRow(file).arguments
            )
        case .renewFile(let id, let newID): try renewFile(id, as: newID)
        case .maySend(let position):
            var command = try command(at: position)
            command.mayBeSent = true
            try update(command)
        case .stop(let position, let stop):
            var command = try command(at: position)
            command.stop = stop
            try update(command)
        case .renew(let command, let call):
            try renew(command, call: call)
        case .remove(let position):
            guard let place = Int64(exactly: position) else { return }
            try execute("DELETE FROM outbox WHERE position = ?", [place])
            try execute("DELETE FROM upload WHERE position = ?", [place])
        case .mark(let mark): try marks.keep(mark)
        case .forgetMark(let mark): try marks.forget(mark)
        case .replica(let change): try replica.apply(change)
        case .relay(let change): try relays.apply(change)
        case .owner(let owner):
            try execute(
                """
                INSERT INTO owner(id, principal, guest_secret, guest_name, seal)
                VALUES (1, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET principal = excluded.principal,
                    guest_secret = excluded.guest_secret, guest_name = excluded.guest_name,
                    seal = excluded.seal
                """,
                OwnerRow(owner).arguments
            )
        }
    }

    private func insert(_ command: QueuedCommand, call: [UInt8]) throws {
        try Self.check(call, of: command)
        try execute(
            """
            INSERT INTO outbox(
                position, command, lane, kind, digest, queued_at, may_be_sent, stop, stop_reason,
                stop_message, stop_particulars, seal, call
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [Int64(clamping: command.position)] + OutboxRow(command).arguments + [Data(call)]
        )
    }

    private func renew(_ command: QueuedCommand, call: [UInt8]?) throws {
        guard let call else {
            guard try self.command(at: command.position).digest == command.digest else {
                throw LocalStoreError.failed("the digest is of another call")
            }
            return try update(command)
        }
        try Self.check(call, of: command)
        try update(command)
        try execute(
            "UPDATE outbox SET call = ? WHERE position = ?",
            [Data(call), Int64(clamping: command.position)]
        )
    }

    private func renewFile(_ id: AttachmentID, as newID: AttachmentID) throws {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT \(UploadRow.columns) FROM upload WHERE attachment = ?",
            arguments: [Data(id.bytes)]
        )
        guard let row else { throw LocalStoreError.failed("there is no file \(id)") }
        var file = try UploadRow(row).file
        file.id = newID
        try execute("DELETE FROM upload WHERE attachment = ?", [Data(id.bytes)])
        try apply(.queueFile(file))
    }

    /// The files of queued commands, in order.
    func files() throws -> [QueuedFile] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(UploadRow.columns) FROM upload ORDER BY position, place"
        ).map { try UploadRow($0).file }
    }

    /// Refuses a call whose digest would make the row look damaged.
    private static func check(
        _ call: [UInt8],
        of command: QueuedCommand
    ) throws(LocalStoreError) {
        guard SHA256Digest(of: call) == command.digest else {
            throw .failed("the digest is of another call")
        }
    }

    private func update(_ command: QueuedCommand) throws {
        try execute(
            """
            UPDATE outbox SET command = ?, lane = ?, kind = ?, digest = ?, queued_at = ?,
                may_be_sent = ?, stop = ?, stop_reason = ?, stop_message = ?,
                stop_particulars = ?, seal = ?
            WHERE position = ?
            """,
            OutboxRow(command).arguments + [Int64(clamping: command.position)]
        )
        guard database.changesCount == 1 else { throw Self.missing(command.position) }
    }

    private func execute(_ text: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: text).execute(arguments: arguments)
    }

    private func command(at position: UInt64) throws -> QueuedCommand {
        let statement = try database.cachedStatement(
            sql: "SELECT \(OutboxRow.columns) FROM outbox WHERE position = ?"
        )
        let row = try Row.fetchOne(statement, arguments: [Int64(clamping: position)])
        guard let row else { throw Self.missing(position) }
        return try OutboxRow(row).command
    }

    private static func missing(_ position: UInt64) -> LocalStoreError {
        .failed("there is no command at position \(position)")
    }

    /// What is kept, without the calls.
    func content() throws -> LocalContent {
        let owner = try Row.fetchOne(database, sql: "SELECT \(OwnerRow.columns) FROM owner")
        var content = LocalContent(owner: try owner.map { try OwnerRow($0).owner })
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT \(OutboxRow.columns) FROM outbox ORDER BY position"
        )
        while let row = try rows.next() { content.commands.append(try OutboxRow(row).command) }
        content.files = try files()
        content.incoming = try relays.incoming()
        content.marks = try marks.all()
        content.cursor = try replica.cursor()
        return content
    }

    /// The call of the command at a position.
    ///
    /// - Throws: `LocalStoreError.damaged` where it is not the call that was queued.
    func call(at position: UInt64) throws -> [UInt8] {
        guard let call = try callIfThere(at: position) else { throw Self.missing(position) }
        return call
    }

    /// The call of the command at a position; nil where there is none.
    func callIfThere(at position: UInt64) throws -> [UInt8]? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(OutboxRow.columns), call FROM outbox WHERE position = ?"
        )
        return try Row.fetchOne(statement, arguments: [Int64(clamping: position)])
            .map { try Self.whole($0).call }
    }

    /// Reads every row that is never to be lost, with its call.
    ///
    /// - Throws: `LocalStoreError.damaged` for the first that is not as it was written.
    func verify() throws {
        let owner = try Row.fetchOne(database, sql: "SELECT \(OwnerRow.columns) FROM owner")
        if let owner { _ = try OwnerRow(owner) }
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT \(OutboxRow.columns), call FROM outbox ORDER BY position"
        )
        while let row = try rows.next() { _ = try Self.whole(row) }
        // A file of an earlier version has not all tables.
        if try database.tableExists("upload") { _ = try files() }
        if try database.tableExists("read_mark") { _ = try marks.all() }
        if try database.tableExists("relay") { try relays.verify() }
    }

    /// Leaves to the process that has the file what is to be sent; what a person sees stays.
    func leaveToHolder() throws {
        for mark in try marks.all() {
            let told = ReplicaChange.marked(
                mark.conversation,
                upTo: mark.position,
                epoch: mark.epoch
            )
            try replica.apply(told)
        }
        try marks.forgetAll()
        try execute("DELETE FROM outbox", [])
    }

    /// A command with its call, from a row with the columns and the call behind them.
    static func whole(_ row: Row) throws(LocalStoreError) -> (command: QueuedCommand, call: [UInt8])
    {
        let command = try OutboxRow(row).command
        let reading = RowReading(row, of: "the call of a queued command")
        let call = try reading.bytes(13)
        guard SHA256Digest(of: call) == command.digest else { throw reading.damage }
        return (command, call)
    }
}
