internal import GRDB

/// Copies what can be read of a damaged file's durable tables into a new file.
///
/// Rows are found by their positions, each by a search of its own, so that those on both sides of a
/// damaged page are. A row counts only if its seals agree with it: what a bad disk has made up is
/// left behind. Several sources may be read one after the other; what one of them gave is kept.
struct Salvager {
    /// How many positions in a row are searched one by one behind a damaged place, before the steps
    /// become longer: more than a page has rows.
    private static let singleSteps = 4_096
    /// How many searches of one source may fail: enough for any damage that leaves something worth
    /// searching for, and an end for any other.
    private static let failures = 500_000

    private let target: Database
    private var saved: Set<UInt64> = []
    private var hasOwner = false
    /// Whether all rows of a source were read, and they are all that its index has.
    private var hasAllCommands = false
    private var hasReadOwner = false
    private var savedFiles: Set<AttachmentID> = []
    private var hasAllFiles = false
    /// What of the relays' rows was saved: their table and their key.
    private var savedRelays: Set<String> = []
    private var hasAllRelays = false
    private var savedMarks: Set<ConversationID> = []
    private var hasAllMarks = false

    /// Begins with a new file.
    init(target: Database) {
        self.target = target
    }

    /// How many commands were copied.
    var commandCount: Int { saved.count }

    /// Whether everything was copied that there was.
    var isComplete: Bool {
        hasAllCommands && hasAllFiles && hasAllMarks && hasAllRelays && hasReadOwner
            && (hasOwner || saved.isEmpty)
    }

    /// Copies what can be read of a file that was not copied from another before.
    ///
    /// - Throws: What is not the damage of that file.
    mutating func read(_ path: String) throws(LocalStoreError) {
        try Self.tolerating {
            let reader = try LocalFileOpening.reader(of: path)
            defer { try? reader.close() }
            try reader.read { source in
                try Self.tolerating { try readOwner(of: source) }
                try Self.tolerating { try readCommands(of: source) }
                hasAllFiles = false
                try Self.tolerating { hasAllFiles = try readFiles(of: source) }
                hasAllRelays = false
                try Self.tolerating { hasAllRelays = try readRelays(of: source) }
                hasAllMarks = false
                try Self.tolerating { hasAllMarks = try readMarks(of: source) }
                hasAllCommands = false
                try Self.tolerating { hasAllCommands = try Self.index(of: source) == saved }
            }
        }
    }

    /// Leaves out what cannot be read, unless it may be readable another time.
    private static func tolerating(_ body: () throws -> Void) throws(LocalStoreError) {
        do throws(LocalStoreError) {
            try examining(body)
        } catch {
            guard error.isDamage else { throw error }
        }
    }

    private mutating func readOwner(of source: Database) throws {
        guard !hasOwner else { return }
        let row = try Row.fetchOne(source, sql: "SELECT \(OwnerRow.columns) FROM owner")
        if let row {
            let owner = try OwnerRow(row).owner
            hasOwner = true
            try write(.owner(owner))
        }
        hasReadOwner = true
    }

    /// Copies the files of the commands that were saved; gives whether all could be read.
    ///
    /// A command that has lost a file is refused by the server, and nothing arrives as another.
    private mutating func readFiles(of source: Database) throws -> Bool {
        guard try source.tableExists("upload") else { return true }
        var isWhole = true
        let rows = try Row.fetchCursor(
            source,
            sql: "SELECT \(UploadRow.columns) FROM upload ORDER BY number"
        )
        while let row = try rows.next() {
            guard let file = try? UploadRow(row).file else {
                isWhole = false
                continue
            }
            guard saved.contains(file.position), savedFiles.insert(file.id).inserted else {
                continue
            }
            try write(.queueFile(file))
        }
        return isWhole
    }

    /// Copies what relays have kept; gives whether all could be read.
    ///
    /// Of a relay that has lost its place the next one begins anew, and an incoming message that is
    /// lost is posted once more when the other system brings it again.
    private mutating func readRelays(of source: Database) throws -> Bool {
        guard try source.tableExists("relay") else { return true }
        let places = try copy("SELECT \(RelayRow.columns) FROM relay ORDER BY number", source) {
            row throws(LocalStoreError) in
            let place = try RelayRow(row).place
            return ("place \(place.name)", .reached(place))
        }
        let incoming = try copy(
            "SELECT \(IncomingRow.columns) FROM relay_incoming ORDER BY number",
            source
        ) { row throws(LocalStoreError) in
            let incoming = try IncomingRow(row).incoming
            return ("in \(incoming.relay) \(incoming.id)", .incoming(incoming))
        }
        let outgoing = try copy(
            "SELECT \(OutgoingRow.columns) FROM relay_outgoing ORDER BY number",
            source
        ) { row throws(LocalStoreError) in
            let row = try OutgoingRow(row)
            return ("out \(row.key.relay) \(row.key.message)", .outgoingRow(row))
        }
        guard try source.tableExists("relay_renewal") else {
            return places && incoming && outgoing
        }
        let renewals = try copy(
            "SELECT \(RenewalRow.columns) FROM relay_renewal ORDER BY number",
            source
        ) { row throws(LocalStoreError) in
            let row = try RenewalRow(row)
            return ("renewal \(row.message)", .renewed(row.message, as: row.renewed))
        }
        return places && incoming && outgoing && renewals
    }

    /// Copies the rows of a table that are as they were written; gives whether all are.
    private mutating func copy(
        _ query: String,
        _ source: Database,
        _ change: (Row) throws(LocalStoreError) -> (key: String, RelayChange)
    ) throws -> Bool {
        var isWhole = true
        let rows = try Row.fetchCursor(source, sql: query)
        while let row = try rows.next() {
            do throws(LocalStoreError) {
                let (key, change) = try change(row)
                guard savedRelays.insert(key).inserted else { continue }
                try storing { try write(.relay(change)) }
            } catch {
                guard error.isDamage else { throw error }
                isWhole = false
            }
        }
        return isWhole
    }

    /// Copies the read marks; gives whether all could be read.
    private mutating func readMarks(of source: Database) throws -> Bool {
        guard try source.tableExists("read_mark") else { return true }
        var isWhole = true
        let rows = try Row.fetchCursor(
            source,
            sql: "SELECT \(ReadMarkRow.columns) FROM read_mark ORDER BY number"
        )
        while let row = try rows.next() {
            guard let mark = try? ReadMarkRow(row).mark else {
                isWhole = false
                continue
            }
            guard savedMarks.insert(mark.conversation).inserted else { continue }
            try write(.mark(mark))
        }
        return isWhole
    }

    /// The positions that the index of a source has.
    private static func index(of source: Database) throws -> Set<UInt64> {
        let rows = try Row.fetchCursor(
            source,
            sql: "SELECT position FROM outbox INDEXED BY outbox_by_command"
        )
        var positions: Set<UInt64> = []
        while let row = try rows.next() {
            let position = try RowReading(row, of: "the index of the outbox").integer(0)
            positions.insert(UInt64(bitPattern: position))
        }
        return positions
    }

    /// What a search for the first command at a position or behind it finds.
    private enum Finding {
        case command(QueuedCommand, call: [UInt8])
        /// Nothing can be read there, or a row that was not written as it is now: its position may
        /// be as wrong as the rest, and lead past all others.
        case damage
        case end
    }

    private mutating func readCommands(of source: Database) throws {
        let statement = try source.makeStatement(
            sql: """
                SELECT \(OutboxRow.columns), call FROM outbox WHERE position >= ?
                ORDER BY position LIMIT 1
                """
        )
        func find(_ position: Int64) throws -> Finding { try Self.find(position, statement) }
        var position: Int64 = 1
        var (failures, run) = (0, 0)
        while failures < Self.failures {
            switch try find(position) {
            case .end: return
            case .command(let command, let call):
                try save(command, call)
                position = Int64(clamping: command.position)
                guard position < .max else { return }
                position += 1
                run = 0
                continue
            case .damage:
                guard position < .max else { return }
            }
            (failures, run) = (failures + 1, run + 1)
            guard run > Self.singleSteps else {
                position += 1
                continue
            }
            guard let next = try Self.leap(from: position, find) else { return }
            position = next
        }
    }

    private static func find(_ position: Int64, _ statement: Statement) throws -> Finding {
        do {
            guard let row = try Row.fetchOne(statement, arguments: [position]) else { return .end }
            let (command, call) = try LocalTables.whole(row)
            // What is out of order leads nowhere, or round in circles.
            guard command.position >= position else { return .damage }
            return .command(command, call: call)
        } catch {
            let failure = LocalStoreError(reading: error)
            guard failure.isDamage else { throw failure }
            return .damage
        }
    }

    /// The next position behind which something can be read, or nil.
    ///
    /// The steps double until something can be read; then what lies between is halved until the
    /// place is found where that begins.
    private static func leap(
        from start: Int64,
        _ find: (Int64) throws -> Finding
    ) throws -> Int64? {
        var step: Int64 = 1
        var (damaged, readable) = (start, start)
        while true {
            let (next, isTooFar) = damaged.addingReportingOverflow(step)
            guard !isTooFar else { return nil }
            guard case .damage = try find(next) else {
                readable = next
                break
            }
            damaged = next
            step = step.multipliedReportingOverflow(by: 2).partialValue
            guard step > 0 else { return nil }
        }
        while readable - damaged > 1 {
            let middle = damaged + (readable - damaged) / 2
            if case .damage = try find(middle) { damaged = middle } else { readable = middle }
        }
        return readable
    }

    private mutating func save(_ command: QueuedCommand, _ call: [UInt8]) throws {
        guard !saved.contains(command.position) else { return }
        do {
            try write(.queue(command, call: call))
            saved.insert(command.position)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            // The same command at two positions is no reason to give up the others.
        }
    }

    /// Writes to the new file, whose troubles are not those of the damaged one.
    private func write(_ change: LocalChange) throws {
        do {
            try LocalTables(target).apply(change)
        } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
            let failure = LocalStoreError(error)
            throw failure.isDamage ? .failed("the new file cannot be written") : failure
        }
    }
}
