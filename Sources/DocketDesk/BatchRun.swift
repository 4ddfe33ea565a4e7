internal import DocketDomain
internal import DocketStore

/// One transaction in the making: takes each submission's step in turn, loads what it lacks, and
/// writes what follows.
struct BatchRun {
    private let transaction: any StoreTransaction
    private let parts: DeskParts
    private let now: Timestamp
    private(set) var outcome = BatchOutcome()
    /// The rules for what is decided next.
    private var policy: Policy
    /// The log, to which events are added.
    private var log: LogWriter
    private var workspace = Workspace()

    init(
        _ transaction: any StoreTransaction,
        parts: DeskParts,
        now: Timestamp
    ) throws(StoreError) {
        self.transaction = transaction
        self.parts = parts
        self.now = now
        policy = parts.policy.current
        log = try LogWriter(transaction, hash: parts.hash)
    }

    // MARK: Steps

    /// Decides what waits, writes what follows, and notes an answer to each submission.
    mutating func execute(_ waiting: Waiting) throws(StoreError) {
        switch waiting {
        case .submission(let submission, _): outcome.replies.append(try reply(to: submission))
        case .group(let group, _):
            var isBroken = false
            for submission in group.submissions {
                guard !isBroken else {
                    outcome.replies.append(.unavailable(.notReached))
                    continue
                }
                let reply = try reply(to: submission)
                isBroken = group.bond == .lane && !reply.isAcceptance
                outcome.replies.append(reply)
            }
        }
    }

    /// Takes a submission's step as often as it lacks something, and writes what follows.
    ///
    /// One that needs something damaged is refused alone: nothing of it has been written then.
    private mutating func reply(to submission: Submission) throws(StoreError) -> Reply {
        workspace.forget()
        workspace.head = log.head
        workspace.nextRequestNumber = try transaction.nextRequestNumber()
        var step = Step(submission, on: workspace, under: conditions)
        workspace = Workspace()
        defer { workspace = step.workspace }
        if let key = submission.key, try !load(RecordNeed(key.id), for: &step) {
            return .unavailable(.outcomeUnknown)
        }
        let reply: Reply
        while true {
            do throws(Missing) {
                reply = try step.take()
                break
            } catch {
                guard try load(error.need, for: &step) else {
                    // What took effect before may not be told that it did not.
                    return .unavailable(step.isRepetition ? .outcomeUnknown : .storeDamaged)
                }
            }
        }
        try write(step.effects)
        return reply
    }

    /// Loads what a step lacks; `false` where that is damaged.
    private mutating func load(
        _ need: some Need,
        for step: inout Step
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            try step.workspace.load(need, from: transaction)
            return true
        } catch {
            guard case .damaged(let text) = error else { throw error }
            outcome.damages.append("\(need): \(text)")
            return false
        }
    }

    /// What the next step depends on beside its submission and the workspace.
    private var conditions: Step.Conditions {
        Step.Conditions(
            now: now,
            policy: policy,
            limits: parts.limits,
            chance: parts.random.nextID(at: now)
        )
    }

    /// Writes what follows from a step, and notes what everybody else is told after the commit.
    private mutating func write(_ effects: StepEffects) throws(StoreError) {
        if let applied = effects.policy { policy = applied }
        for effect in effects.durable { try write(effect) }
        outcome.hasMoreToRevise = effects.hasMoreToRevise ?? outcome.hasMoreToRevise
        if effects.usesChance { parts.random.useID() }
    }

    private mutating func write(_ effect: StepEffect) throws(StoreError) {
        switch effect {
        case .event(let event, let concern):
            let entry = try log.append(event)
            outcome.entries.append(PublishedEntry(entry: entry, concern: concern))
            if let change = MemoryChange(event.fact, rules: policy) {
                outcome.memoryChanges.append(change)
            }
        case .keep(let change):
            try transaction.write(change, at: now)
            if case .timer(let timer) = change {
                outcome.earliestTimer = min(outcome.earliestTimer ?? timer.due, timer.due)
            }
        }
    }

    /// Ends the transaction's part of the log.
    func finish() throws(StoreError) { try log.finish() }
}

// MARK: Chores

extension BatchRun {
    /// Fires the timers that are due, each as a command of the desk itself.
    ///
    /// One whose request cannot be read is parked: it would be due again and again.
    mutating func fireTimers() throws(StoreError) {
        for _ in 0..<parts.limits.timersInTransaction {
            guard let timer = try transaction.nextTimer(), timer.due <= now else { break }
            let reply = try reply(to: Submission(ofDesk: FireTimer(timer: timer)))
            if !reply.isAcceptance { try transaction.write(.timer(timer.parked), at: now) }
        }
        try readTimers()
    }

    /// Gives some more requests the timers that the rules in force want.
    mutating func reviseTimers() throws(StoreError) {
        let reply = try reply(to: Submission(ofDesk: ReviseTimers()))
        // What cannot be read now will not be read in a moment: the rest of the revision waits for
        // the next start.
        if !reply.isAcceptance { outcome.hasMoreToRevise = false }
    }

    /// Notes when the next timer is due.
    private mutating func readTimers() throws(StoreError) {
        outcome.knownTimer = try transaction.nextTimer()?.due
        outcome.hasReadTimers = true
    }

    /// Sets every timer back, as the clock was: what is left of its span stays.
    ///
    /// A negative span takes that back, as far as timers were set back.
    mutating func setTimersBack(by span: Duration) throws(StoreError) {
        try transaction.setTimersBack(by: span, at: now)
        workspace.hasTimersSetBack = nil
        try readTimers()
    }

    /// Writes the sessions for which the store had no room before.
    mutating func writeSessions() throws(StoreError) {
        for session in parts.unwritten.sessions(at: now) {
            try transaction.write(.session(session), at: now)
            outcome.writtenSessions.append(session.token)
        }
    }

    /// Forgets verdicts, sessions and unused files that have outlived their time, so many of each,
    /// and notes whether there may be more; gives parked timers another try.
    mutating func keepHouse() throws(StoreError) {
        try transaction.write(.parkedTimersDue, at: now)
        try readTimers()
        let limit = parts.limits.purgedRows
        let verdicts = try transaction.purgeVerdicts(
            before: now + (.zero - DeskTimes.verdicts),
            limit: limit
        )
        let sessions = try transaction.purgeSessions(before: now, limit: limit)
        let files = try transaction.purgeUnusedAttachments(
            before: now + (.zero - DeskTimes.unusedFiles),
            at: now,
            limit: limit
        )
        outcome.hasMoreToForget = max(verdicts, sessions, files) >= limit
    }
}
