internal import FoundationEssentials
internal import GRDB

/// Reads and changes the table of read marks that the server does not have yet, on a connection
/// that has begun a transaction.
struct ReadMarkTable {
    private let database: Database

    /// The table of a database.
    init(_ database: Database) {
        self.database = database
    }

    /// All marks, in the order in which their conversations came.
    func all() throws -> [ReadMark] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(ReadMarkRow.columns) FROM read_mark ORDER BY number"
        ).map { try ReadMarkRow($0).mark }
    }

    /// The mark of a conversation; nil where the server has it.
    func mark(in conversation: Data) throws -> ReadMark? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(ReadMarkRow.columns) FROM read_mark WHERE conversation = ?"
        )
        return try Row.fetchOne(statement, arguments: [conversation])
            .map { try ReadMarkRow($0).mark }
    }

    /// Keeps a mark, merged with the one that is there.
    func keep(_ mark: ReadMark) throws {
        let known = try self.mark(in: Data(mark.conversation.bytes))
        let merged = known.map { $0.merged(with: mark) } ?? mark
        guard merged != known else { return }
        try execute(
            """
            INSERT INTO read_mark(\(ReadMarkRow.columns)) VALUES (?, ?, ?, ?)
            ON CONFLICT(conversation) DO UPDATE SET position = excluded.position,
                epoch = excluded.epoch, seal = excluded.seal
            """,
            ReadMarkRow(merged).arguments
        )
    }

    /// Forgets a mark, unless the conversation has one by now that covers more.
    func forget(_ mark: ReadMark) throws {
        let conversation = Data(mark.conversation.bytes)
        guard let known = try self.mark(in: conversation), known.isCovered(by: mark) else {
            return
        }
        try execute("DELETE FROM read_mark WHERE conversation = ?", [conversation])
    }

    /// Forgets all marks.
    func forgetAll() throws {
        try execute("DELETE FROM read_mark", [])
    }

    private func execute(_ text: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: text).execute(arguments: arguments)
    }
}
