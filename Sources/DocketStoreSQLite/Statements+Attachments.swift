extension Statements {
    static let attachment = SQL(
        """
        SELECT a.id, a.name, a.media_type, a.size, a.sha256, c.id, p.id, a.created_at, a.message,
            a.is_internal
        FROM attachment a
        JOIN conversation c ON c."key" = a.conversation
        JOIN principal p ON p."key" = a.uploader
        WHERE a.id = ?
        """
    )
    static let insertAttachment = SQL(
        """
        INSERT INTO attachment(id, conversation, uploader, name, media_type, size, sha256,
            created_at, message, is_internal)
        VALUES (?, (SELECT "key" FROM conversation WHERE id = ?),
            (SELECT "key" FROM principal WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let attach = SQL(
        """
        UPDATE attachment SET message = ?, is_internal = ? WHERE id = ?
        """
    )

    static let unusedAttachments = SQL(
        """
        SELECT count(*) FROM (
            SELECT 1 FROM attachment
            WHERE uploader = (SELECT "key" FROM principal WHERE id = ?) AND message IS NULL LIMIT ?
        )
        """
    )
    static let unusedAttachmentsOfBefore = SQL(
        """
        SELECT id, sha256 FROM attachment WHERE message IS NULL AND created_at < ?
        ORDER BY created_at LIMIT ?
        """
    )
    static let removeAttachment = SQL(
        """
        DELETE FROM attachment WHERE id = ?
        """
    )
    static let removeCreation = SQL(
        """
        DELETE FROM creation WHERE id = ?
        """
    )
    static let isNamed = SQL(
        """
        SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1
        """
    )
    static let isDiscarded = SQL(
        """
        SELECT 1 FROM discarded_content WHERE sha256 = ?
        """
    )
    static let discardedContents = SQL(
        """
        SELECT sha256 FROM discarded_content WHERE discarded_at < ? ORDER BY discarded_at LIMIT ?
        """
    )
    static let discardContent = SQL(
        """
        INSERT INTO discarded_content(sha256, discarded_at) VALUES (?, ?)
        ON CONFLICT (sha256) DO UPDATE SET discarded_at = excluded.discarded_at
        """
    )
    static let forgetDiscarded = SQL(
        """
        DELETE FROM discarded_content WHERE sha256 = ? AND discarded_at < ?
        """
    )

    /// Those that concern attachments, with their names.
    static let allOfAttachments: [(name: String, sql: SQL)] = [
        ("attachment", attachment), ("insertAttachment", insertAttachment), ("attach", attach),
        ("unusedAttachments", unusedAttachments),
        ("unusedAttachmentsOfBefore", unusedAttachmentsOfBefore),
        ("removeAttachment", removeAttachment), ("removeCreation", removeCreation),
        ("isNamed", isNamed), ("isDiscarded", isDiscarded),
        ("discardedContents", discardedContents), ("discardContent", discardContent),
        ("forgetDiscarded", forgetDiscarded),
    ]
}
