extension Statements {
    // MARK: Chains

    /// The category of requests whose content lives in another one.
    private static let merged = 6
    /// A request is routed unless it is aside, which its details alone say: few are.
    static let requestsBefore = SQL(
        """
        SELECT \(situationColumns) FROM request r INDEXED BY request_by_conversation
        \(requestJoins)
        WHERE r.conversation = (SELECT "key" FROM conversation WHERE id = ?)
          AND r.number < ? AND r.category <> \(merged)
        ORDER BY r.number DESC LIMIT ?
        """
    )
    static let requestsAfter = SQL(
        """
        SELECT \(situationColumns) FROM request r INDEXED BY request_by_conversation
        \(requestJoins)
        WHERE r.conversation = (SELECT "key" FROM conversation WHERE id = ?)
          AND r.number > ? AND r.category <> \(merged)
        ORDER BY r.number LIMIT ?
        """
    )

    // MARK: Policies

    static let statusInUse = SQL("SELECT 1 FROM request WHERE status = ? LIMIT 1")
    static let channelInUse = SQL("SELECT 1 FROM conversation WHERE channel = ? LIMIT 1")
    static let topicInUse = SQL("SELECT 1 FROM request WHERE topic = ? LIMIT 1")
    static let typeInUse = SQL("SELECT 1 FROM request WHERE type = ? LIMIT 1")
    static let priorityInUse = SQL("SELECT 1 FROM request WHERE priority = ? LIMIT 1")
    static let kindInUse = SQL("SELECT 1 FROM request WHERE kind = ? LIMIT 1")
    static let statusOfKindInUse = SQL(
        "SELECT 1 FROM request WHERE status = ? AND kind = ? LIMIT 1"
    )
    /// The first status behind one: asked again and again it finds each by one look at the index.
    static let nextStatusInUse = SQL(
        "SELECT status, category FROM request WHERE status > ? ORDER BY status LIMIT 1"
    )
    static let nextChannelInUse = SQL(
        "SELECT channel FROM conversation WHERE channel > ? ORDER BY channel LIMIT 1"
    )
    static let fieldInUse = SQL("SELECT request FROM field_use WHERE field = ? LIMIT 1")
    static let addFieldUse = SQL(
        "INSERT INTO field_use(field, request) VALUES (?, ?)",
        ignoresBacklog: true
    )
    static let removeFieldUse = SQL(
        "DELETE FROM field_use WHERE field = ? AND request = ?",
        ignoresBacklog: true
    )
    private static let policyColumns = """
        version, name, text, applied_at, actor_kind, actor_id, actor_name, "offset"
        """
    static let policies = SQL(
        """
        SELECT \(policyColumns) FROM policy WHERE version < ? ORDER BY version DESC LIMIT ?
        """
    )
    static let insertPolicy = SQL(
        """
        INSERT INTO policy(\(policyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    )

    /// All of these, with the names under which a failing test shows them.
    static let lifecycle: [(name: String, sql: SQL)] = [
        ("requestsBefore", requestsBefore), ("requestsAfter", requestsAfter),
        ("statusInUse", statusInUse), ("channelInUse", channelInUse),
        ("topicInUse", topicInUse), ("typeInUse", typeInUse),
        ("priorityInUse", priorityInUse), ("kindInUse", kindInUse),
        ("statusOfKindInUse", statusOfKindInUse), ("nextStatusInUse", nextStatusInUse),
        ("nextChannelInUse", nextChannelInUse),
        ("fieldInUse", fieldInUse),
        ("addFieldUse", addFieldUse), ("removeFieldUse", removeFieldUse), ("policies", policies),
        ("insertPolicy", insertPolicy),
    ]
}
