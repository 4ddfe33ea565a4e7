internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension Schema {
    /// Adds where requests began in the log, and where the messages stand that were moved.
    ///
    /// Both follow from the log, which is read once for it. A message that was never moved has no
    /// row, so that this costs a message nothing. A request whose beginning cannot be read keeps 0.
    static func addMoves(to database: Database) throws {
        for statement in moves { try database.execute(sql: statement) }
        var last: Int64 = 0
        while true {
            let rows = try Row.fetchAll(database, sql: logPage, arguments: [last, entriesAtOnce])
            for row in rows { try noteMove(in: row, database) }
            guard let offset = rows.last?[0] as Int64? else { return }
            last = offset
        }
    }

    private static let moves = [
        "ALTER TABLE request ADD COLUMN opening INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE moved_message(
            "offset" INTEGER PRIMARY KEY,
            request INTEGER NOT NULL REFERENCES request(number),
            sequence INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX moved_message_by_request ON moved_message(request, sequence)",
    ]

    private static let logPage = """
        SELECT "offset", conversation, event FROM log WHERE "offset" > ? ORDER BY "offset" LIMIT ?
        """
    private static let earlierEntries = """
        SELECT "offset", event FROM log INDEXED BY log_by_conversation
        WHERE conversation = ? AND "offset" < ? ORDER BY "offset" DESC LIMIT ?
        """

    /// How many entries are read at a time: they are held in memory meanwhile.
    private static let entriesAtOnce = 1_024

    /// Notes the beginning of a request, or the new places of messages, where an entry tells it.
    private static func noteMove(in row: Row, _ database: Database) throws {
        let offset: Int64 = row[0]
        guard let event = Event(encoded: (row[2] as Data?) ?? Data()),
            let number = event.request.flatMap({ Int64(exactly: $0.number) })
        else { return }
        switch event.fact {
        case .requestOpened:
            try database.execute(
                sql: "UPDATE request SET opening = ? WHERE number = ?",
                arguments: [offset, number]
            )
        case .messagesTaken(let moved):
            let offsets = try offsets(of: moved.messages, before: offset, in: row[1], database)
            for (place, id) in moved.messages.enumerated() {
                guard let message = offsets[id],
                    let sequence = Int64(exactly: moved.firstSequence + UInt64(place))
                else { continue }
                try database.execute(
                    sql: Statements.keepPlace.text,
                    arguments: [message, number, sequence]
                )
            }
        default: return
        }
    }

    /// Finds messages that were moved: they were said before, in the same conversation.
    private static func offsets(
        of messages: [MessageID],
        before offset: Int64,
        in conversation: Int64,
        _ database: Database
    ) throws -> [MessageID: Int64] {
        var wanted = Set(messages)
        var found: [MessageID: Int64] = [:]
        var place = offset
        while !wanted.isEmpty {
            let rows = try Row.fetchAll(
                database,
                sql: earlierEntries,
                arguments: [conversation, place, entriesAtOnce]
            )
            for row in rows {
                place = row[0]
                guard case .messagePosted(let message)? = Event(encoded: row[1] ?? Data())?.fact,
                    wanted.remove(message.id) != nil
                else { continue }
                found[message.id] = place
            }
            if rows.isEmpty { break }
        }
        return found
    }
}
