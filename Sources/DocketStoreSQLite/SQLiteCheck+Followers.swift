internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

/// Looks for what does not follow from the log.
extension SQLiteCheck {
    /// What the followers of the log may not contradict; an older store has none.
    ///
    /// What the log says beyond a follower's offset is not looked for.
    static let faultsOfFollowers = [
        (
            "a follower is ahead of the log",
            """
            SELECT name FROM follower
            WHERE through > (SELECT coalesce(max("offset"), 0) FROM log)
            """
        ),
        (
            "a request's row is ahead of the log",
            """
            SELECT number FROM request
            WHERE through > (SELECT coalesce(max("offset"), 0) FROM log)
            """
        ),
        (
            "an entry of the log is missing among those of its conversation",
            """
            SELECT l."offset" FROM log l
            WHERE l.conversation > 0
              AND l."offset" <= (SELECT through FROM follower WHERE name = 'rows')
              AND NOT EXISTS (
                  SELECT 1 FROM conversation_entry e
                  WHERE e.conversation = l.conversation AND e."offset" = l."offset"
                    AND e.audience = l.audience
              )
            """
        ),
        (
            "an entry stands among those of another conversation",
            """
            SELECT e."offset" FROM conversation_entry e LEFT JOIN log l ON l."offset" = e."offset"
            WHERE l.conversation <> e.conversation
            """
        ),
        (
            "a command that an entry carries is not found by its id",
            """
            SELECT l."offset" FROM log l
            WHERE l.command IS NOT NULL
              AND l."offset" <= (SELECT through FROM follower WHERE name = 'rows')
              AND NOT EXISTS (
                  SELECT 1 FROM creation c WHERE c.id = l.command AND c."offset" = l."offset"
              )
            """
        ),
    ]

    /// How many requests that contradict the log are told: whoever finds so many restores a copy.
    private static let toldRequests = 100

    /// Whether the rows lack something that the log says, as after a kill.
    static func isBehind(_ database: Database) throws -> Bool {
        let sql = """
            SELECT through < (SELECT coalesce(max("offset"), 0) FROM log)
            FROM follower WHERE name = 'rows'
            """
        return try Bool.fetchOne(database, sql: sql) ?? false
    }

    /// What cannot be read, the requests whose rows say something else than the log, and the timers
    /// that are parked since their requests could not be read, in words.
    ///
    /// What the log does not tell is left out: conversations of which an entry was erased, names
    /// that have changed since, and what an older version kept of a request.
    static func contradictions(in database: Database) throws -> [String] {
        let followed = try Int64.fetchOne(
            database,
            sql: "SELECT through FROM follower WHERE name = 'rows'"
        )
        var told: [String] = []
        var last: Int64 = 0
        while told.count < toldRequests {
            let page = try Int64.fetchAll(
                database,
                sql: #"SELECT "key" FROM conversation WHERE "key" > ? ORDER BY "key" LIMIT 256"#,
                arguments: [last]
            )
            guard let end = page.last else { break }
            for key in page {
                told += try contradictions(of: key, through: followed ?? 0, in: database)
            }
            last = end
        }
        told += try unreadableRequests(in: database)
        told += try Int64.fetchAll(
            database,
            sql: "SELECT request FROM timer WHERE due >= ? ORDER BY request LIMIT ?",
            arguments: [Int64(TimerRecord.parking.milliseconds), toldRequests]
        ).map { "a timer of the request \($0) is parked, since the request could not be read" }
        return Array(told.prefix(toldRequests))
    }

    /// What the log tells of a conversation.
    private enum Replay {
        /// The conversation with all its requests.
        case whole(Situation)
        /// An entry was erased, so that nobody knows any more.
        case erased
        /// The entry at an offset cannot be read.
        case unreadable(Int64)
    }

    /// What the log tells of a conversation up to an offset.
    private static func replay(
        _ conversation: Int64,
        through offset: Int64,
        in database: Database
    ) throws -> Replay {
        let entries = try Row.fetchCursor(
            database,
            sql: """
                SELECT l."offset", l.event
                FROM conversation_entry e CROSS JOIN log l ON l."offset" = e."offset"
                WHERE e.conversation = ? AND e."offset" <= ? ORDER BY e."offset"
                """,
            arguments: [conversation, offset]
        )
        var situation = Situation()
        while let row = try entries.next() {
            let bytes: Data = row[1]
            guard !bytes.isEmpty else { return .erased }
            guard let event = Event(encoded: bytes) else { return .unreadable(row[0]) }
            situation.apply(event)
        }
        return .whole(situation)
    }

    /// What of a request's row is compared with the log.
    private static let columns = [
        "status", "category", "version", "sequence", "note_sequence", "session_count",
    ]

    private static func values(of request: SupportRequest) -> [DatabaseValue] {
        let numbers = [
            UInt64(request.category.rawValue), request.version, request.sequence,
            request.noteSequence, request.sessionCount,
        ]
        return [request.status.databaseValue] + numbers.map { Int64(clamping: $0).databaseValue }
    }

    private static func contradictions(
        of conversation: Int64,
        through followed: Int64,
        in database: Database
    ) throws -> [String] {
        let situation: Situation
        switch try replay(conversation, through: followed, in: database) {
        case .whole(let replayed): situation = replayed
        case .erased: return []
        case .unreadable(let offset): return ["the entry \(offset) of the log cannot be read"]
        }
        let requests = [situation.request].compactMap(\.self) + situation.others
        var told: [String] = []
        for request in requests {
            let row = try Row.fetchOne(
                database,
                sql: "SELECT \(columns.joined(separator: ", ")), through FROM request WHERE id = ?",
                arguments: [request.id.data]
            )
            guard let row else {
                told.append("the request \(request.number) of the log has no row")
                continue
            }
            // A row may be ahead of the follower, never behind it.
            guard (row["through"] as Int64) <= followed else { continue }
            let said = values(of: request)
            for (column, value) in zip(columns, said) where row[column] as DatabaseValue != value {
                told.append("the \(column) of the request \(request.number) is not the log's")
            }
        }
        return told
    }

    /// The requests whose rows cannot be read, in words.
    private static func unreadableRequests(in database: Database) throws -> [String] {
        let reader = SQLiteReader(database: database)
        let numbers = try Int64.fetchCursor(
            database,
            sql: "SELECT number FROM request ORDER BY number"
        )
        var told: [String] = []
        while told.count < toldRequests, let number = try numbers.next() {
            do throws(StoreError) {
                _ = try reader.storedRequest(number: UInt64(clamping: number))
            } catch {
                guard case .damaged(let text) = error else { throw error }
                told.append("the request \(number) cannot be read: \(text)")
            }
        }
        return told
    }
}
