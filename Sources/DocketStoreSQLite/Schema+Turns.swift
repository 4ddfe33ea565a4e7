internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension Schema {
    /// Adds who wrote last in a request, and since when its contact waits for an answer.
    ///
    /// No index is on them: they change with every turn of a talk, and a list is filtered by them
    /// after it was narrowed by what rests. Requests that are still worked on get them from the
    /// log; in the others nobody waits.
    static func addTurns(to database: Database) throws {
        try database.execute(sql: "ALTER TABLE request ADD COLUMN last_author INTEGER")
        try database.execute(sql: "ALTER TABLE request ADD COLUMN waiting_since INTEGER")
        let active = StatusCategory.allCases.filter(\.isActive).map { "\($0.rawValue)" }
        let conversations = try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT conversation FROM request
                WHERE category IN (\(active.joined(separator: ", ")))
                """
        )
        for conversation in conversations {
            guard let situation = try replayed(conversation, in: database) else { continue }
            for request in [situation.request].compactMap(\.self) + situation.others {
                guard let turn = request.turn else { continue }
                try database.execute(
                    sql: "UPDATE request SET last_author = ?, waiting_since = ? WHERE id = ?",
                    arguments: [
                        Int64(turn.lastAuthor.rawValue),
                        turn.waitingSince.map { Int64(clamping: $0.milliseconds) },
                        request.id.data,
                    ]
                )
            }
        }
    }
}
