internal import DocketDomain
internal import DocketStore

/// What a transaction has made true once it is committed.
struct BatchOutcome {
    /// The answers, in the order of the submissions.
    var replies: [Reply] = []
    /// What of the store cannot be made out, for each submission and timer that needed it.
    var damages: [String] = []
    /// What was added to the log, in order.
    var entries: [PublishedEntry] = []
    /// What those entries change of what the desk remembers, in order.
    var memoryChanges: [MemoryChange] = []
    /// The sessions that the store has now, after it had no room for them.
    var writtenSessions: [Digest] = []
    /// The earliest timer set.
    var earliestTimer: Timestamp?
    /// The earliest timer of all, where the timers were looked through.
    var knownTimer: Timestamp?
    /// Whether the timers were looked through.
    var hasReadTimers = false
    /// Whether requests are left whose timers follow the previous rules; `nil` where none were
    /// revised.
    var hasMoreToRevise: Bool?
    /// Whether more verdicts, sessions or files may have outlived their time than one transaction
    /// forgets.
    var hasMoreToForget = false

    /// Whether other rules have come into force.
    var hasNewRules: Bool {
        memoryChanges.contains { if case .rules = $0 { true } else { false } }
    }

    /// When the next timer is due, given when it was due before.
    func nextTimer(before: Timestamp?) -> Timestamp? {
        let known = hasReadTimers ? knownTimer : before
        guard let earliestTimer else { return known }
        return known.map { min($0, earliestTimer) } ?? earliestTimer
    }
}
