/// Every bound of the desk.
package struct DeskLimits: Sendable {
    /// How many commands may wait for the writer; one more is refused as transient.
    ///
    /// At 20,000 commands a second it is a fifth of a second of work, which no caller should
    /// outwait.
    package var waitingCommands = 4_096
    /// How many commands share a transaction: beyond this a longer batch only adds latency, as the
    /// cost of the commit is spread thin already.
    package var commandsInTransaction = 256
    /// How many due timers fire in one transaction, so that a long standstill does not hold up the
    /// commands that wait.
    package var timersInTransaction = 64
    /// How many requests get their timers by other rules in one transaction, after those came into
    /// force: some ten milliseconds of work, as each category is read ahead for as many.
    package var revisedRequests = 128
    /// How many entries of the log a step brings each of its followers on, which holds up commands
    /// for some 20 milliseconds; 0 leaves them where they are.
    ///
    /// It is more than the commands of one transaction add, so that the followers keep up.
    package var followedEntries: UInt64 = 1_024
    /// How many entries a follower may be behind while commands come without a pause.
    package var followerLag: UInt64 = 4_096
    /// How many entries the shared tail keeps in memory.
    package var tailEntries = 16_384
    /// How many bytes of events the shared tail keeps in memory.
    package var tailBytes = 16 << 20
    /// How many entries of the log are scanned at a time for an integration's feed.
    package var scannedEntries: UInt64 = 2_048
    /// How many such scans make one page at most: a feed whose entries lie far apart moves its
    /// cursor every 16,384 entries, long before its client takes it for dead.
    package var readsForPage = 8
    /// How many unsent typing signals wait for one subscription; a newer one
    /// takes the place of the oldest.
    package var waitingSignals = 8
    /// How many (principal, conversation) pairs the typing throttle remembers.
    package var typingPairs = 16_384
    /// How many sessions a contact may have; a further one ends the one that would end first.
    package var sessionsOfContact = 100
    /// How many sessions an agent, an integration or a partner may have; a further one ends the one
    /// that would end first.
    package var sessionsOfStaff = 1_000
    /// How many sessions are remembered in memory.
    package var cachedSessions = 16_384
    /// How many sessions are kept in memory while the disk has no room for them: two megabytes.
    package var unwrittenSessions = 4_096
    /// How many of those contacts leave to everybody else: guests may not keep out who makes room.
    package var unwrittenSessionsOfStaff = 1_024
    /// How many of those a principal may have; a further one ends its oldest.
    package var unwrittenSessionsOfPrincipal = 8
    /// The longest page of any list or history, in entries.
    package var pageEntries = 200
    /// How many requests one page of a list looks at, so that a filter that few requests pass holds
    /// up a reader for some tenths of a second at most; the page ends there, and the list goes on.
    package var examinedRequests = 10_000
    /// How many hits one page of a search looks at, so that a filter that few of them pass holds up
    /// a reader for some hundredths of a second at most; the page ends there, and the search goes
    /// on.
    package var examinedHits = 2_000
    /// How many entries of the log are looked at to list the messages of a request, which holds up
    /// a reader for about a second at most.
    package var examinedEntries = 100_000
    /// How many entries of the log a split or a merge looks at to find what it may move: all other
    /// commands wait meanwhile, some 40 milliseconds at most.
    package var examinedForMove = 4_000
    /// How many entries in a row, marks and what the author may not see, are passed over to find
    /// what a new mark is about: more than lie between two messages, and a few milliseconds' work
    /// at most.
    package var examinedMarks = 512
    /// How many old verdicts, sessions or files are forgotten in one transaction, and how many
    /// contents are looked at in turn.
    package var purgedRows = 256

    /// The limits that suit a desk on one machine.
    package init() {}
}
