extension Statements {
    static let searchIndex = SQL(
        """
        SELECT l."offset", l.audience, l.event
        FROM search_index CROSS JOIN log l ON l."offset" = search_index.rowid
        WHERE search_index MATCH ? AND search_index.rowid < ?
        ORDER BY search_index.rowid DESC LIMIT ?
        """
    )
    static let addToIndex = SQL(
        """
        INSERT INTO search_index(rowid, text) VALUES (?, ?)
        """
    )
    static let removeFromIndex = SQL(
        """
        INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', ?, ?)
        """
    )

    /// Those of the search, with the names under which a failing test shows them.
    static let search: [(name: String, sql: SQL)] = [
        ("searchIndex", searchIndex), ("addToIndex", addToIndex),
        ("removeFromIndex", removeFromIndex),
    ]
}
