extension Schema {
    /// Adds how far the timers have been revised since other rules came into force; nothing where
    /// all of them follow the rules in force.
    ///
    /// In an older store they follow the rules under which they were set: the revision is to begin.
    static let timerRevision = [
        "ALTER TABLE meta ADD COLUMN timers_revised_through INTEGER",
        "UPDATE meta SET timers_revised_through = 0",
    ]
}
