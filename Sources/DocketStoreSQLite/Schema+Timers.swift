extension Schema {
    /// Adds how far the timers have been revised since other rules came into force; nothing where
    /// all of them follow the rules in force.
    ///
    /// In an older store they follow the rules under which they were set: the revision is to begin.
    static let timerRevision = [
        "ALTER TABLE meta ADD COLUMN timers_revised_through INTEGER",
        "UPDATE meta SET timers_revised_through = 0",
    ]

    /// Adds by how much the clock was set back while a timer waited, and what it showed since.
    static let timersSetBack = [
        "ALTER TABLE timer ADD COLUMN set_back INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX timer_set_back ON timer(set_back) WHERE set_back > 0",
        "ALTER TABLE meta ADD COLUMN set_back_at INTEGER",
        "ALTER TABLE meta ADD COLUMN set_back_head INTEGER",
    ]
}
