extension Schema {
    /// Adds the digest of every entry, and the chain over them.
    ///
    /// Older entries get their digests when the desk opens the store: it is the desk that is
    /// given the hash. A column takes 34 bytes of an entry and no page of its own.
    static let audit = [
        "ALTER TABLE log ADD COLUMN digest BLOB",
        "ALTER TABLE log ADD COLUMN erased_at INTEGER",
        "ALTER TABLE meta ADD COLUMN chained INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE meta ADD COLUMN chain BLOB",
        """
        CREATE TABLE audit_checkpoint(
            "offset" INTEGER PRIMARY KEY,
            chain BLOB NOT NULL
        ) STRICT
        """,
    ]
}
