internal import DocketCrypto
internal import FoundationEssentials
internal import GRDB

/// A command as the table `outbox` has it, without its call.
struct OutboxRow: Hashable {
    /// The columns before the call, in the order in which rows are decoded.
    static let columns = """
        position, command, lane, kind, digest, queued_at, may_be_sent, stop, stop_reason, \
        stop_message, stop_particulars, seal, length(call)
        """

    /// The command.
    let command: QueuedCommand
    /// The place, as SQLite counts.
    private let position: Int64

    /// Prepares a command for the table.
    ///
    /// - Throws: `LocalStoreError.failed` for a position that SQLite cannot have.
    init(_ command: QueuedCommand) throws(LocalStoreError) {
        guard let position = Int64(exactly: command.position), position > 0 else {
            throw .failed("\(command.position) is not a position")
        }
        self.command = command
        self.position = position
    }

    /// Takes a command from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "a queued command")
        let position = try reading.integer(0)
        guard let place = UInt64(exactly: position), place > 0,
            let id = CommandID(bytes: try reading.bytes(1)),
            let lane = String(validating: try reading.bytes(2), as: UTF8.self),
            let kind = CommandKind(rawValue: try reading.text(3)),
            let digest = SHA256Digest(try reading.bytes(4))
        else { throw reading.damage }
        self.position = position
        command = QueuedCommand(
            position: place,
            id: id,
            lane: Lane(name: lane),
            kind: kind,
            size: Int(clamping: try reading.integer(12)),
            digest: digest,
            queuedAt: Timestamp(
                millisecondsSinceEpoch: UInt64(bitPattern: try reading.integer(5))
            ),
            mayBeSent: try reading.integer(6) != 0,
            stop: try Self.stop(reading)
        )
        guard try reading.bytes(11) == seal else { throw reading.damage }
    }

    private static func stop(_ reading: RowReading) throws(LocalStoreError) -> QueuedCommand.Stop? {
        switch try reading.integer(7) {
        case 0: nil
        case 1: .refused(try refusal(reading))
        case 2: .expired
        case 3: .gaveUp(try refusal(reading))
        default: throw reading.damage
        }
    }

    private static func refusal(_ reading: RowReading) throws(LocalStoreError) -> Refusal {
        Refusal(
            reason: try reading.string(8),
            message: try reading.string(9),
            particulars: try reading.string(10)
        )
    }

    /// The values of the columns from `command` to `seal`.
    var arguments: StatementArguments {
        [
            Data(command.id.bytes), Data(command.lane.name.utf8), command.kind.rawValue,
            Data(command.digest.bytes), queuedAt, mayBeSent, stopNumber, refusal.map(\.reason.data),
            refusal.map(\.message.data), refusal.map(\.particulars.data), Data(seal),
        ]
    }

    private var queuedAt: Int64 {
        Int64(bitPattern: command.queuedAt.millisecondsSinceEpoch)
    }

    private var mayBeSent: Int64 { command.mayBeSent ? 1 : 0 }

    private var stopNumber: Int64 {
        switch command.stop {
        case nil: 0
        case .refused: 1
        case .expired: 2
        case .gaveUp: 3
        }
    }

    private var refusal: Refusal? {
        switch command.stop {
        case .refused(let refusal), .gaveUp(let refusal): refusal
        case .expired, nil: nil
        }
    }

    private var seal: [UInt8] {
        var seal = RowSeal("outbox")
        seal.add(position)
        seal.add(command.id.bytes)
        seal.add(Array(command.lane.name.utf8))
        seal.add(Array(command.kind.rawValue.utf8))
        seal.add(command.digest.bytes)
        seal.add(queuedAt)
        seal.add(mayBeSent)
        seal.add(stopNumber)
        for text in [refusal?.reason, refusal?.message, refusal?.particulars] {
            seal.add(text.map { Array($0.utf8) })
        }
        return seal.digest
    }
}

/// Takes values from a row that may be damaged, where GRDB's own conversions would trap.
struct RowReading {
    private let row: Row
    private let subject: String

    /// Reads from a row of something that can be named.
    init(_ row: Row, of subject: String) {
        self.row = row
        self.subject = subject
    }

    /// Why the row cannot be used.
    var damage: LocalStoreError { .damaged("\(subject) is damaged") }

    private func storage(_ column: Int) throws(LocalStoreError) -> DatabaseValue.Storage {
        guard column < row.count else { throw damage }
        return (row[column] as DatabaseValue).storage
    }

    /// A number.
    func integer(_ column: Int) throws(LocalStoreError) -> Int64 {
        guard case .int64(let value) = try storage(column) else { throw damage }
        return value
    }

    /// A text in a column of texts.
    func text(_ column: Int) throws(LocalStoreError) -> String {
        guard case .string(let value) = try storage(column) else { throw damage }
        return value
    }

    /// Bytes.
    func bytes(_ column: Int) throws(LocalStoreError) -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw damage }
        return bytes
    }

    /// Bytes, where there are any.
    func optionalBytes(_ column: Int) throws(LocalStoreError) -> [UInt8]? {
        switch try storage(column) {
        case .null: return nil
        case .blob(let data): return Array(data)
        default: throw damage
        }
    }

    /// A text that is kept as bytes.
    func string(_ column: Int) throws(LocalStoreError) -> String {
        guard let string = String(validating: try bytes(column), as: UTF8.self) else {
            throw damage
        }
        return string
    }
}

extension String {
    /// The text as it is kept.
    var data: Data { Data(utf8) }
}
