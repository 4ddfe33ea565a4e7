extension Schema {
    /// What the step "log_first" adds: a commit writes the log, and what follows from it is written
    /// soon after.
    ///
    /// An entry carries the command that created what it tells of, and the last entry of a commit
    /// the value of the chain, so that a commit changes no other page for them. Which entries are a
    /// conversation's is a table of its own: an index of the log would be written with each entry.
    /// How far each follower has come is in `follower`; a request's row says through which entry it
    /// is true, where that is not the follower's.
    ///
    /// The search index merges its parts less often (sqlite.org/fts5.html, 6.1 and 6.2): of 16 of
    /// one size in place of 4 a query looks at more of them, and a text costs two fifths less.
    static let logFirst = [
        "INSERT INTO search_index(search_index, rank) VALUES ('automerge', 16)",
        "INSERT INTO search_index(search_index, rank) VALUES ('crisismerge', 256)",
        "ALTER TABLE log ADD COLUMN command BLOB",
        "ALTER TABLE log ADD COLUMN command_digest BLOB",
        "ALTER TABLE log ADD COLUMN command_principal BLOB",
        "ALTER TABLE log ADD COLUMN chain BLOB",
        "ALTER TABLE request ADD COLUMN through INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE conversation_entry(
            conversation INTEGER NOT NULL,
            "offset" INTEGER NOT NULL,
            audience INTEGER NOT NULL,
            PRIMARY KEY (conversation, "offset")
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO conversation_entry(conversation, "offset", audience)
        SELECT conversation, "offset", audience FROM log INDEXED BY log_by_conversation
        WHERE conversation > 0 ORDER BY conversation, "offset"
        """,
        "DROP INDEX log_by_conversation",
        """
        CREATE TABLE follower(
            name TEXT PRIMARY KEY,
            through INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO follower(name, through)
        SELECT 'rows', coalesce(max("offset"), 0) FROM log
        UNION ALL SELECT 'search', indexed_up_to FROM search_progress
        """,
        "DROP TABLE search_progress",
    ]
}
