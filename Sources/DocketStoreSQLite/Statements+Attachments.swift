extension Statements {
    static let attachment = SQL(
        """
        SELECT a.id, a.name, a.media_type, a.size, a.sha256, c.id, p.id, a.created_at, a.message
        FROM attachment a
        JOIN conversation c ON c."key" = a.conversation
        JOIN principal p ON p."key" = a.uploader
        WHERE a.id = ?
        """
    )
    static let insertAttachment = SQL(
        """
        INSERT INTO attachment(id, conversation, uploader, name, media_type, size, sha256,
            created_at, message)
        VALUES (?, (SELECT "key" FROM conversation WHERE id = ?),
            (SELECT "key" FROM principal WHERE id = ?), ?, ?, ?, ?, ?, ?)
        """
    )
    static let attach = SQL(
        """
        UPDATE attachment SET message = ? WHERE id = ?
        """
    )

    /// Those that concern attachments, with their names.
    static let allOfAttachments: [(name: String, sql: SQL)] = [
        ("attachment", attachment), ("insertAttachment", insertAttachment), ("attach", attach),
    ]
}
