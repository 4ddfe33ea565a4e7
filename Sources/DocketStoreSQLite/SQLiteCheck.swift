internal import GRDB

/// Looks for contradictions in a store.
enum SQLiteCheck {
    /// What no store may hold: each statement gives one row for every fault.
    ///
    /// An entry that concerns the desk as a whole, such as a policy's, has 0 for its conversation.
    private static let faults = [
        (
            "an entry of the log belongs to no conversation",
            """
            SELECT "offset" FROM log l
            WHERE l.conversation <> 0
              AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c."key" = l.conversation)
            """
        ),
        (
            "offsets of the log are missing",
            """
            SELECT 1 FROM (SELECT count(*) AS n, max("offset") AS last FROM log), meta
            WHERE n <> coalesce(last, floor) - floor
            """
        ),
        (
            "a creation is beyond the log",
            """
            SELECT 1 FROM creation WHERE "offset" > (SELECT coalesce(max("offset"), 0) FROM log)
            """
        ),
        (
            "a conversation's newest request is not its own",
            """
            SELECT c."key" FROM conversation c LEFT JOIN request r ON r.number = c.newest
            WHERE c.newest IS NOT NULL AND r.conversation IS NOT c."key"
            """
        ),
        (
            "a request has a number that may be given again",
            "SELECT number FROM request WHERE number >= (SELECT next_number FROM meta)"
        ),
    ]

    /// What the messages that were moved may not contradict; an older store has none.
    private static let faultsOfMoves = [
        (
            "a moved message stands in a request of another conversation",
            """
            SELECT m."offset" FROM moved_message m
            LEFT JOIN log l ON l."offset" = m."offset"
            LEFT JOIN request r ON r.number = m.request
            WHERE l.conversation IS NOT r.conversation
            """
        ),
        (
            "a place of a request has two moved messages",
            "SELECT 1 FROM moved_message GROUP BY request, sequence HAVING count(*) > 1"
        ),
    ]

    /// What only rows that are up to date do not contradict.
    private static let faultsOfPlaces = [
        (
            "a moved message stands beyond the places of its request",
            """
            SELECT m."offset" FROM moved_message m JOIN request r ON r.number = m.request
            WHERE m.sequence > r.sequence
            """
        )
    ]

    /// What is wrong, in words; none in a sound store.
    static func problems(in database: Database) throws -> [String] {
        var problems = try String.fetchAll(database, sql: "PRAGMA integrity_check")
            .filter { $0 != "ok" }
        problems += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
            .map { "a row of \($0[0] as String? ?? "a table") refers to nothing" }
        let hasMoves = try database.tableExists("moved_message")
        let hasFollowers = try database.tableExists("follower")
        var due = faults
        if hasMoves { due += faultsOfMoves }
        if hasFollowers { due += faultsOfFollowers }
        if hasMoves, try !(hasFollowers && isBehind(database)) { due += faultsOfPlaces }
        for (problem, sql) in due where try Row.fetchOne(database, sql: "\(sql) LIMIT 1") != nil {
            problems.append(problem)
        }
        return problems
    }
}
