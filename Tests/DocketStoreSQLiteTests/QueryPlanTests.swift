import DeskSupport
import DocketStore
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("Query plans")
struct QueryPlanTests {
    /// Statements that read a table from end to end on purpose: the single row of `meta`.
    private static let scansAllowed = ["SCAN meta", "SCAN CONSTANT ROW"]

    /// Walks along an index in the order that is needed; and what is done to all timers once the
    /// clock was set back.
    ///
    /// Some sort: a contact's conversations, of which there are no more than channels, a
    /// principal's sessions, whose number the statement itself bounds, and what a step of a
    /// follower adds to an index, which is bounded too.
    private static let walksAllowed = [
        "setTimersBack": "SCAN timer", "nextTimer": "SCAN t USING INDEX timer_by_due",
        "searchIndex": "SCAN search_index VIRTUAL TABLE INDEX",
        "conversationPageOfContact": "USE TEMP B-TREE FOR ORDER BY",
        "sessions": "USE TEMP B-TREE FOR ORDER BY",
        "followEntries": "USE TEMP B-TREE FOR ORDER BY",
        "followCreations": "USE TEMP B-TREE FOR ORDER BY",
    ]

    @Test("No statement that runs while the desk serves reads a table from end to end")
    func noScan() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(1))
        try store.close()
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        for (name, sql) in Statements.all {
            let plan = try queue.read { database in
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql.text)")
                let unbound = StatementArguments(
                    Array(repeating: Int64(0), count: statement.sqlParameterCount)
                )
                return try Row.fetchAll(statement, arguments: unbound)
                    .map { $0["detail"] as String }
            }
            for step in plan where step.hasPrefix("SCAN") || step.contains("TEMP B-TREE") {
                let isAllowed =
                    Self.scansAllowed.contains(step) || step.hasPrefix("SCAN (")
                    || Self.walksAllowed[name].map(step.hasPrefix) == true
                #expect(isAllowed, "\(name): \(step)")
            }
        }
    }
}

extension Statement {
    /// How many values the statement takes, counted by their placeholders.
    fileprivate var sqlParameterCount: Int {
        (1...9).last { sql.contains("?\($0)") } ?? sql.filter { $0 == "?" }.count
    }
}
