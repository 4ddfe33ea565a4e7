/// How long things last.
enum DeskTimes {
    /// How long the verdict of a command that created nothing is kept.
    ///
    /// An outbox keeps a command for 30 days at most; a week more covers clocks that differ.
    static let verdicts: Duration = .seconds(37 * 86_400)
    /// How long a complete file that no message names is kept: whoever is about to say something
    /// says it within a day.
    static let unusedFiles: Duration = .seconds(86_400)
    /// How long a content stays after the last attachment that had it was forgotten.
    ///
    /// A copy of the store is made first and one of the contents after it: what the first names is
    /// there for the second within this time.
    static let discardedContents: Duration = .seconds(86_400)
    /// How often old verdicts, sessions and files are looked for.
    static let housekeeping: Duration = .seconds(3_600)
    /// How long after the store refused a transaction without failing the desk calls itself
    /// read-only.
    ///
    /// It then invites commands again, the first of which shows whether the store takes them.
    static let readOnly: Duration = .seconds(5)
    /// How far the desk's time may run ahead of the clock while it waits for it.
    ///
    /// Adjustments of a running clock are shorter, and timers may be a minute late.
    static let longestLead: Duration = .seconds(60)
    /// How long no command has to come before the log's followers go on: longer than commands of
    /// callers who wait for each other's answers lie apart.
    static let quiet: Duration = .milliseconds(20)
    /// How far a follower of the log may fall behind while commands come without a pause.
    static let longestFollowerLag: Duration = .seconds(1)
    /// The longest sleep of the writer when no timer is set.
    static let longestSleep: Duration = .seconds(3_600)
    /// How often a typing signal of one principal in one conversation is passed on.
    static let typing: Duration = .seconds(3)
    /// How long a typing signal says something: whoever goes on typing sends another before.
    static let typingValidity: Duration = .seconds(6)
}
