extension Statements {
    private static let ticketColumns = "p.id, t.external_key, r.id, t.digest"
    private static let ticketJoins = """
        ticket t JOIN principal p ON p."key" = t.partner JOIN request r ON r.number = t.request
        """
    static let ticket = SQL(
        """
        SELECT \(ticketColumns) FROM \(ticketJoins)
        WHERE t.partner = (SELECT "key" FROM principal WHERE id = ?) AND t.external_key = ?
        """,
        ignoresBacklog: true,
        ignoresNewRows: true
    )
    static let tickets = SQL(
        """
        SELECT \(ticketColumns) FROM \(ticketJoins)
        WHERE t.partner = (SELECT "key" FROM principal WHERE id = ?) AND t.external_key > ?
          AND t.external_key >= ?
        ORDER BY t.external_key LIMIT ?
        """,
        ignoresBacklog: true
    )
    static let insertTicket = SQL(
        """
        INSERT INTO ticket(partner, external_key, request, digest)
        VALUES (?, ?, ?, ?)
        """,
        ignoresBacklog: true
    )
    static let entriesBroughtBy = SQL(
        """
        SELECT l."offset", l.audience, l.event
        FROM log l CROSS JOIN conversation c ON c."key" = l.conversation
            CROSS JOIN principal p ON p."key" = c.contact
        WHERE l."offset" > ? AND l."offset" <= ? AND l.audience = 0
          AND p.integration = (SELECT "key" FROM principal WHERE id = ?)
        ORDER BY l."offset" LIMIT ?
        """
    )

    /// Those of tickets, by name.
    static let ofTickets = [
        ("ticket", ticket), ("tickets", tickets), ("insertTicket", insertTicket),
        ("entriesBroughtBy", entriesBroughtBy),
    ]
}
