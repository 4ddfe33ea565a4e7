extension Statements {
    /// A list of requests out of one index, in either order.
    ///
    /// Rows with the same key stand in an index by their number: neither order needs a sort.
    struct RequestList {
        let oldestFirst: SQL
        let newestFirst: SQL

        init(from index: String, where condition: String) {
            let head = """
                SELECT \(situationColumns) FROM request r INDEXED BY \(index) \(requestJoins)
                WHERE \(condition)
                """
            oldestFirst = SQL("\(head) AND r.number > ? ORDER BY r.number LIMIT ?")
            newestFirst = SQL("\(head) AND r.number < ? ORDER BY r.number DESC LIMIT ?")
        }
    }

    static let requestsInCategory = RequestList(
        from: "request_by_category",
        where: "r.category = ?"
    )
    static let requestsOfAssignee = RequestList(
        from: "request_by_assignee",
        where: """
            r.assignee IS (SELECT "key" FROM principal WHERE id = ?) AND r.category = ?
            """
    )
    static let requestsWithStatus = RequestList(
        from: "request_by_status",
        where: "r.status = ?"
    )
    static let requestsOnChannel = RequestList(
        from: "request_by_channel",
        where: "r.channel = ? AND r.category = ?"
    )
    static let requestsInConversation = RequestList(
        from: "request_by_conversation",
        where: """
            r.conversation = (SELECT "key" FROM conversation WHERE id = ?)
            """
    )
    /// Those of the lists, with the names under which a failing test shows them.
    static let lists: [(name: String, sql: SQL)] =
        [
            ("requestsInCategory", requestsInCategory), ("requestsOfAssignee", requestsOfAssignee),
            ("requestsWithStatus", requestsWithStatus), ("requestsOnChannel", requestsOnChannel),
            ("requestsInConversation", requestsInConversation),
        ].flatMap { name, list in
            [("\(name), oldest first", list.oldestFirst), ("\(name), newest", list.newestFirst)]
        }
}
