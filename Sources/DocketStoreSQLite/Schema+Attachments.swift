extension Schema {
    /// What the step "attachments" adds: metadata alone, since content lies in files beside the
    /// database, where a backup of it can be made without the database standing still.
    static let attachments = [
        """
        CREATE TABLE attachment(
            id BLOB PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversation("key"),
            uploader INTEGER NOT NULL REFERENCES principal("key"),
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            message BLOB
        ) STRICT, WITHOUT ROWID
        """
    ]
}
