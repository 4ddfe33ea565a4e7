extension Schema {
    /// What the step "unused_attachments" adds: by what files that no message names are counted and
    /// forgotten, and the contents that are left of those.
    ///
    /// The two indexes hold unnamed files alone, so that a message takes its files out of them, and
    /// they stay as small as what people are about to say. The one over contents holds all files:
    /// whether a content is still of use has to be answered before its file goes.
    static let unusedAttachments = [
        "CREATE INDEX attachment_unused ON attachment(uploader) WHERE message IS NULL",
        "CREATE INDEX attachment_unused_by_time ON attachment(created_at) WHERE message IS NULL",
        "CREATE INDEX attachment_by_content ON attachment(sha256)",
        """
        CREATE TABLE discarded_content(
            sha256 BLOB PRIMARY KEY,
            discarded_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX discarded_content_by_time ON discarded_content(discarded_at)",
    ]
}
