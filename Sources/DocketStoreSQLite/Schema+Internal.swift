extension Schema {
    /// Adds which conversations are the staff's alone; older ones never were.
    static let internalConversations =
        "ALTER TABLE conversation ADD COLUMN internal INTEGER NOT NULL DEFAULT 0"
}
