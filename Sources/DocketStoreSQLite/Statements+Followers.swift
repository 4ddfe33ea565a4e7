extension Statements {
    static let followed = SQL("SELECT through FROM follower WHERE name = ?")
    static let keepFollowed = SQL("UPDATE follower SET through = ? WHERE name = ?")
    static let followEntries = SQL(
        """
        INSERT INTO conversation_entry(conversation, "offset", audience)
        SELECT conversation, "offset", audience FROM log
        WHERE "offset" > ? AND "offset" <= ? AND conversation > 0
        ORDER BY conversation, "offset"
        """
    )
    /// The entry itself has whose command it was, and its digest.
    static let followCreations = SQL(
        """
        INSERT INTO creation(id, "offset", principal, digest)
        SELECT command, "offset", NULL, x'' FROM log
        WHERE "offset" > ? AND "offset" <= ? AND command IS NOT NULL ORDER BY command
        """
    )
    /// The chain's end, apart from the log: what is cut off the log's end is missed by it.
    static let followChain = SQL(
        """
        UPDATE meta SET chained = l."offset", chain = l.chain FROM log l
        WHERE l."offset" = (SELECT max("offset") FROM log) AND l.chain IS NOT NULL
          AND l."offset" > chained
        """
    )
    static let requestThrough = SQL(
        """
        SELECT max(through, (SELECT through FROM follower WHERE name = 'rows'))
        FROM request WHERE number = ?
        """,
        ignoresBacklog: true
    )

    /// Those of the followers, with the names under which a failing test shows them.
    static let ofFollowers: [(name: String, sql: SQL)] = [
        ("followed", followed), ("keepFollowed", keepFollowed), ("followEntries", followEntries),
        ("followCreations", followCreations), ("followChain", followChain),
        ("requestThrough", requestThrough),
    ]
}
