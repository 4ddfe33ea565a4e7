extension Statements {
    static let openingOfRequest = SQL(
        """
        SELECT opening FROM request WHERE id = ?
        """,
        ignoresBacklog: true
    )
    static let placeOfMovedMessage = SQL(
        """
        SELECT r.id, r.number, m.sequence
        FROM moved_message m JOIN request r ON r.number = m.request WHERE m."offset" = ?
        """,
        ignoresBacklog: true
    )
    static let messagesMovedTo = SQL(
        """
        SELECT l."offset", l.audience, l.event, m.sequence
        FROM moved_message m INDEXED BY moved_message_by_request
        CROSS JOIN log l ON l."offset" = m."offset"
        WHERE m.request = (SELECT number FROM request WHERE id = ?) ORDER BY m.sequence LIMIT ?
        """,
        ignoresBacklog: true
    )
    static let keepPlace = SQL(
        """
        INSERT INTO moved_message("offset", request, sequence) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET request = excluded.request, sequence = excluded.sequence
        """,
        ignoresBacklog: true
    )

    /// Those of moved messages, with the names under which a failing test shows them.
    static let ofMoves: [(name: String, sql: SQL)] = [
        ("openingOfRequest", openingOfRequest), ("placeOfMovedMessage", placeOfMovedMessage),
        ("messagesMovedTo", messagesMovedTo), ("keepPlace", keepPlace),
    ]
}
