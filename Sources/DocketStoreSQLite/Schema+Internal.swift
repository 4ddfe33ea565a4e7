extension Schema {
    /// Adds which conversations are the staff's alone; none of before were.
    static let internalConversations =
        "ALTER TABLE conversation ADD COLUMN internal INTEGER NOT NULL DEFAULT 0"
}
