internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

/// Reads a store through a connection that is in a transaction.
///
/// What is called `stored` is what the file says: a transaction knows more.
protocol SQLiteReading: StoreReading {
    /// The connection.
    var database: Database { get }
    /// The statement, prepared.
    func statement(_ sql: SQL) throws -> Statement
}

/// Reads a store through a connection that cannot write.
struct SQLiteReader: SQLiteReading {
    let database: Database

    func statement(_ sql: SQL) throws -> Statement {
        try database.cachedStatement(sql: sql.text)
    }
}

extension SQLiteReading {
    /// All rows of a cached statement, made into values one at a time.
    func rows<let count: Int, Value>(
        _ sql: SQL,
        _ arguments: [count of SQLValue],
        _ make: (StatementRow) throws -> Value
    ) throws(StoreError) -> [Value] {
        try values(of: sql, arguments.span, limit: .max, make)
    }

    /// The first row of a cached statement, made into a value.
    func row<let count: Int, Value>(
        _ sql: SQL,
        _ arguments: [count of SQLValue],
        _ make: (StatementRow) throws -> Value
    ) throws(StoreError) -> Value? {
        try values(of: sql, arguments.span, limit: 1, make).first
    }

    /// The values of so many rows at most of a cached statement.
    func values<Value>(
        of sql: SQL,
        _ arguments: Span<SQLValue>,
        limit: Int = .max,
        _ make: (StatementRow) throws -> Value
    ) throws(StoreError) -> [Value] {
        do {
            return try StatementRow.values(
                of: statement(sql),
                arguments,
                limit: limit,
                in: database,
                make
            )
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: Log

    func position() throws(StoreError) -> LogPosition { try storedPosition() }

    func storedPosition() throws(StoreError) -> LogPosition {
        let position = try row(Statements.position, []) { row in
            LogPosition(
                epoch: Epoch(UInt64(bitPattern: row.integer(0))),
                floor: row.unsigned(1),
                head: max(row.unsigned(1), row.unsigned(2))
            )
        }
        guard let position else { throw .corrupted("the store has no position") }
        return position
    }

    func entry(at offset: UInt64) throws(StoreError) -> LogEntry? {
        try row(Statements.entry, [.number(offset)]) { try $0.entry() }
    }

    func entries(after offset: UInt64, limit: Int) throws(StoreError) -> [LogEntry] {
        try rows(Statements.entriesAfter, [.number(offset), .number(limit)]) { try $0.entry() }
    }

    func entries(
        on channel: ChannelKey,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry] {
        try rows(
            Statements.entriesOnChannel,
            [.number(offset), .number(last), .text(channel), .number(limit)]
        ) { try $0.entry() }
    }

    func entries(
        in conversation: ConversationID,
        _ place: LogPlace,
        limit: Int,
        for audience: Audience
    ) throws(StoreError) -> [LogEntry] {
        let key = try row(Statements.conversationKey, [.id(conversation)]) { $0.integer(0) }
        guard let key else { return [] }
        let level = SQLValue.number(audience.rawValue)
        switch place {
        case .after(let offset):
            return try both(
                Statements.entriesInConversationAfter,
                Statements.newEntriesInConversationAfter,
                limit: limit
            ) { [.integer(key), .number(offset), level, .number($0)] }
        case .before(let offset):
            return try both(
                Statements.newEntriesInConversationBefore,
                Statements.entriesInConversationBefore,
                limit: limit
            ) { [.integer(key), .number(offset), level, .number($0)] }.reversed()
        }
    }

    /// The entries of one statement and behind them those of another, up to a limit.
    private func both(
        _ first: SQL,
        _ second: SQL,
        limit: Int,
        _ arguments: (_ limit: Int) -> [4 of SQLValue]
    ) throws(StoreError) -> [LogEntry] {
        let found = try rows(first, arguments(limit)) { try $0.entry() }
        guard found.count < limit else { return found }
        return try found + rows(second, arguments(limit - found.count)) { try $0.entry() }
    }

    // MARK: Commands

    func record(of command: CommandID) throws(StoreError) -> CommandRecord? {
        try row(Statements.record, [.id(command)]) { try $0.record() }
    }

    // MARK: Timers

    func nextTimer() throws(StoreError) -> TimerRecord? {
        try row(Statements.nextTimer, []) { try $0.timer() }
    }

    func timer(
        of request: RequestID,
        kind: TimerRecord.Kind
    ) throws(StoreError) -> TimerRecord? {
        try row(Statements.timer, [.id(request), .number(kind.rawValue)]) { try $0.timer() }
    }

    func lastSetBack() throws(StoreError) -> (moment: Timestamp, head: UInt64)? {
        try row(Statements.lastSetBack, []) { row in
            row.isNull(0) ? nil : (row.moment(0), row.unsigned(1))
        } ?? nil
    }

    func hasTimersSetBack() throws(StoreError) -> Bool {
        try row(Statements.hasTimersSetBack, []) { _ in true } ?? false
    }

    func timersRevisedThrough() throws(StoreError) -> UInt64? {
        try row(Statements.timersRevisedThrough, []) { row in
            row.isNull(0) ? nil : row.unsigned(0)
        } ?? nil
    }

    func nextRequestNumber() throws(StoreError) -> UInt64 { try storedNextRequestNumber() }

    func storedNextRequestNumber() throws(StoreError) -> UInt64 {
        try row(Statements.nextNumber, []) { $0.unsigned(0) } ?? 1
    }
}
