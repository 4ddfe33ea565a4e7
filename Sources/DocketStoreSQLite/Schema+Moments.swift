internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension Schema {
    /// Gives requests older than their details what the log tells of them, such as when they were
    /// first answered, resolved and closed.
    ///
    /// One of whose conversation the log has an entry that this version cannot read keeps what it
    /// has.
    static func tellOldRequests(in database: Database) throws {
        let conversations = try Int64.fetchAll(
            database,
            sql: "SELECT DISTINCT conversation FROM request WHERE details = x''"
        )
        for conversation in conversations {
            guard let situation = try replayed(conversation, in: database) else { continue }
            for request in [situation.request].compactMap(\.self) + situation.others {
                try database.execute(
                    sql: "UPDATE request SET details = ? WHERE id = ? AND details = x''",
                    arguments: [request.details.encoded, request.id.data]
                )
            }
        }
    }

    /// A conversation with all its requests, as its log tells; `nil` where that cannot be read.
    static func replayed(
        _ conversation: Int64,
        in database: Database
    ) throws -> Situation? {
        let events = try Data.fetchCursor(
            database,
            sql: """
                SELECT event FROM log INDEXED BY log_by_conversation
                WHERE conversation = ? ORDER BY "offset"
                """,
            arguments: [conversation]
        )
        var situation = Situation()
        while let bytes = try events.next() {
            guard let event = Event(encoded: bytes) else { return nil }
            situation.apply(event)
        }
        return situation
    }
}
