extension Schema {
    /// Counts the changes of what contacts see of a request apart, and lets a contact have a
    /// conversation of its own beside one that is the staff's alone.
    ///
    /// So far contacts have seen the version and the moment of every change; they go on from there.
    static let contactViews = [
        "ALTER TABLE request ADD COLUMN contact_version INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE request ADD COLUMN contact_changed_at INTEGER NOT NULL DEFAULT 0",
        "UPDATE request SET contact_version = version, contact_changed_at = changed_at",
        "DROP INDEX conversation_by_contact",
        """
        CREATE UNIQUE INDEX conversation_by_contact
        ON conversation(contact, channel, internal)
        """,
    ]
}
