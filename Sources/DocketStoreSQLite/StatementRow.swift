internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// The row at which a statement stands.
///
/// GRDB's own rows build an index of column names for every fetch, which costs more than the fetch
/// where it is of one row by its key. A row is valid only until the statement moves on, so that it
/// never leaves the closure that is given it.
@safe struct StatementRow {
    private let statement: OpaquePointer

    /// Runs a prepared statement and makes the values of its rows, at most so many.
    static func values<Value>(
        of statement: Statement,
        _ arguments: Span<SQLValue>,
        limit: Int,
        in database: Database,
        _ make: (StatementRow) throws -> Value
    ) throws -> [Value] {
        let pointer = unsafe statement.sqliteStatement
        defer { _ = unsafe sqlite3_reset(pointer) }
        unsafe try bind(arguments, to: pointer, in: database)
        var values: [Value] = []
        while values.count < limit {
            let code = unsafe sqlite3_step(pointer)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_ROW else { throw failure(in: database) }
            values.append(try make(unsafe StatementRow(statement: pointer)))
        }
        return values
    }

    /// Runs a prepared statement that gives no rows.
    static func execute(
        _ statement: Statement,
        _ arguments: Span<SQLValue>,
        in database: Database
    ) throws {
        let pointer = unsafe statement.sqliteStatement
        defer { _ = unsafe sqlite3_reset(pointer) }
        unsafe try bind(arguments, to: pointer, in: database)
        guard unsafe sqlite3_step(pointer) == SQLITE_DONE else { throw failure(in: database) }
    }

    private static func bind(
        _ arguments: Span<SQLValue>,
        to pointer: OpaquePointer,
        in database: Database
    ) throws {
        for index in arguments.indices {
            let position = Int32(truncatingIfNeeded: index) + 1
            guard unsafe arguments[index].bind(to: pointer, at: position) == SQLITE_OK else {
                throw failure(in: database)
            }
        }
    }

    private static func failure(in database: Database) -> DatabaseError {
        DatabaseError(resultCode: database.lastErrorCode, message: database.lastErrorMessage)
    }

    /// Whether a column has no value.
    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    /// An integer; a missing one counts as 0.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// A text; a missing one counts as empty.
    func text(_ column: Int32) -> String {
        guard let characters = unsafe sqlite3_column_text(statement, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe String(
            decoding: UnsafeBufferPointer(start: characters, count: count),
            as: UTF8.self
        )
    }

    /// Bytes; missing ones count as none.
    func blob(_ column: Int32) -> Data {
        guard let bytes = unsafe sqlite3_column_blob(statement, column) else { return Data() }
        return unsafe Data(
            bytes: bytes,
            count: Int(sqlite3_column_bytes(statement, column))
        )
    }
}
