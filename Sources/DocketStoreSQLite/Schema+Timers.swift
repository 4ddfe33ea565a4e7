extension Schema {
    /// Adds how far the timers have been revised since other rules came into force; nothing where
    /// all of them follow the rules in force.
    static let timerRevision = "ALTER TABLE meta ADD COLUMN timers_revised_through INTEGER"
}
