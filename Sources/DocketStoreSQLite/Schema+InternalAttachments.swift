extension Schema {
    /// What the step "internal_attachments" adds: whether a file is part of an internal request's
    /// message.
    ///
    /// It lies with the file, since a download is asked for by the file's id alone. Messages of
    /// internal requests had no files before.
    static let internalAttachments = [
        "ALTER TABLE attachment ADD COLUMN is_internal INTEGER NOT NULL DEFAULT 0"
    ]
}
