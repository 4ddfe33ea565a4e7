internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import Logging

/// Takes submissions, one batch after another, into the store.
///
/// Each batch is one transaction. The domain decides a command before anything of it is written,
/// so a refused one leaves only its verdict behind and needs no savepoint. Nobody hears of
/// anything before the commit.
struct Writer {
    private let store: any Store
    private let parts: DeskParts
    private let logger: Logger
    private var time: DeskTime
    private var nextTimer: Timestamp?
    /// By how much the clock was set back without the timers knowing of it; negative where it was
    /// set forward.
    private var setBack = Duration.zero
    /// When the timers are set back.
    private var nextSettingBack = Timestamp(milliseconds: 0)
    private var nextHousekeeping = Timestamp(milliseconds: 0)
    /// When sessions are written next for which there was no room.
    private var nextSessions = Timestamp(milliseconds: 0)
    /// What of the store cannot be made out.
    private var damages = DamageLog()
    /// When the revision of timers goes on; `nil` when it is over.
    private var nextRevision: Timestamp?

    /// Makes a writer that goes on where the log ended.
    init(store: any Store, parts: DeskParts, logger: Logger, from start: DeskStart) {
        self.store = store
        self.parts = parts
        self.logger = logger
        time = DeskTime(since: start.newestMoment)
        nextTimer = start.nextTimer
        nextRevision = start.hasMoreToRevise ? time.moment : nil
    }

    /// How long the writer may sleep before a timer is due.
    func sleep(from now: Timestamp) -> Duration {
        let sessions = parts.unwritten.isEmpty ? nil : nextSessions
        let setting = setBack != .zero ? nextSettingBack : nil
        let next = [nextTimer, nextRevision, sessions, setting].compactMap(\.self)
            .reduce(nextHousekeeping, min)
        return min(max(next.since(now), .zero), DeskTimes.longestSleep)
    }

    /// Runs a batch, and the timers that are due, in one transaction.
    ///
    /// - Throws: The error after which the desk has to stop. Every submission of the batch has been
    ///   answered by then.
    mutating func run(_ batch: ArraySlice<Waiting>) throws(StoreError) {
        moveTime()
        let moment = time.moment
        var chores = Chores(
            writesSessions: !parts.unwritten.isEmpty
                && (nextSessions <= moment
                    || batch.contains { $0.contains { $0.command.endsSessions } }),
            keepsHouse: nextHousekeeping <= moment,
            firesTimers: nextTimer.map { $0 <= moment } ?? false,
            revisesTimers: nextRevision.map { $0 <= moment } ?? false
        )
        if setBack != .zero, !batch.isEmpty || chores != Chores() || nextSettingBack <= moment {
            // Ahead of everything else: what is set from now on is not to be set back.
            chores.setsTimersBack = true
        }
        guard !batch.isEmpty || chores != Chores() else { return }
        let outcome: BatchOutcome
        do {
            outcome = try commit(batch, and: chores)
        } catch {
            try fail(batch, with: error)
            return
        }
        if chores.keepsHouse {
            let pause = outcome.hasMoreToForget ? Duration.zero : DeskTimes.housekeeping
            nextHousekeeping = moment + pause
        }
        if chores.setsTimersBack { setBack = .zero }
        if let isUnfinished = outcome.hasMoreToRevise {
            nextRevision = isUnfinished ? moment : nil
        }
        nextTimer = outcome.nextTimer(before: nextTimer)
        announce(outcome)
        var replies = outcome.replies[...]
        for waiting in batch {
            waiting.complete(with: replies.prefix(waiting.count))
            replies.removeFirst(waiting.count)
        }
    }

    /// Tells everybody what a commit has made true, and the operator what it could not read.
    private mutating func announce(_ outcome: BatchOutcome) {
        for damage in outcome.damages where damages.isNew(damage, at: time.moment) {
            logger.error(
                "a part of the store is damaged, and what needs it is refused: run docketd check",
                metadata: ["error": "\(damage)"]
            )
        }
        parts.announce(outcome)
    }

    /// What a transaction does beside what was submitted.
    private struct Chores: Equatable {
        var writesSessions = false
        var setsTimersBack = false
        var keepsHouse = false
        var firesTimers = false
        var revisesTimers = false
        /// Whether it uses the room that is kept back for a full store.
        var isOnReserve = false
    }

    /// Moves the time on, and what was put off to a moment that never came.
    private mutating func moveTime() {
        let clock = parts.clock
        guard let span = time.advance(to: clock.now(), uptime: clock.uptime()) else { return }
        setBack += span
        nextSettingBack = min(nextSettingBack, time.moment + DeskTimes.readOnly)
        if span > .zero {
            logger.warning("the clock was set back", metadata: ["by": "\(span)"])
        } else {
            logger.warning("the clock was set forward", metadata: ["by": "\(.zero - span)"])
        }
        nextHousekeeping = min(nextHousekeeping, time.moment + DeskTimes.housekeeping)
        nextSessions = min(nextSessions, time.moment + DeskTimes.readOnly)
        nextRevision = nextRevision.map { min($0, time.moment) }
    }

    private func commit(
        _ batch: ArraySlice<Waiting>,
        and chores: Chores
    ) throws(StoreError) -> BatchOutcome {
        let body = { (transaction: any StoreTransaction) throws(StoreError) -> BatchOutcome in
            var run = try BatchRun(transaction, parts: parts, now: time.moment)
            // Ahead of the commands that end sessions, which look for them in the store.
            if chores.setsTimersBack { try run.setTimersBack(by: setBack) }
            if chores.writesSessions { try run.writeSessions() }
            for waiting in batch { try run.execute(waiting) }
            if chores.firesTimers { try run.fireTimers() }
            if chores.revisesTimers || run.outcome.hasNewRules { try run.reviseTimers() }
            if chores.keepsHouse { try run.keepHouse() }
            try run.finish()
            return run.outcome
        }
        do throws(StoreError) {
            return try chores.isOnReserve ? store.transactOnReserve(body) : store.transact(body)
        } catch {
            // A step goes on without what it cannot read; nothing else of a transaction does.
            throw error.withoutIsolation
        }
    }

    /// Answers a batch whose transaction failed.
    private mutating func fail(
        _ batch: ArraySlice<Waiting>,
        with error: StoreError
    ) throws(StoreError) {
        var error = error
        let moment = time.moment
        for waiting in batch {
            var reply: Reply?
            do throws(StoreError) {
                if !error.isFatal, case .submission(let submission, _) = waiting {
                    reply = try answer(submission, in: error)
                }
            } catch let failure {
                error = failure
            }
            waiting.complete(with: reply ?? .unavailable(Unavailability(error)))
        }
        parts.condition.note(error, at: moment)
        guard !error.isFatal else { throw error }
        // The loop must not spin on a timer that is due and cannot be deleted.
        nextTimer = nextTimer.map { max($0, moment + DeskTimes.readOnly) }
        nextRevision = nextRevision.map { max($0, moment + DeskTimes.readOnly) }
        nextHousekeeping = max(nextHousekeeping, moment + DeskTimes.readOnly)
        nextSessions = max(nextSessions, moment + DeskTimes.readOnly)
        nextSettingBack = moment + DeskTimes.readOnly
    }

    /// Does what may not wait until the store takes something again; `nil` for anything else.
    ///
    /// - Throws: The error after which the desk has to stop.
    private mutating func answer(
        _ submission: Submission,
        in error: StoreError
    ) throws(StoreError) -> Reply? {
        if let session = openUnwritten(submission) { return session }
        guard error == .full, submission.command.takesAccess else { return nil }
        var chores = Chores(writesSessions: !parts.unwritten.isEmpty, isOnReserve: true)
        if setBack != .zero { chores.setsTimersBack = true }
        let waiting = Waiting.submission(submission, { _ in })
        let outcome: BatchOutcome
        do throws(StoreError) {
            outcome = try commit([waiting], and: chores)
        } catch {
            // Where nothing took effect it is refused like everything else that found no room.
            guard error.isFatal else { return nil }
            throw error
        }
        if chores.setsTimersBack { setBack = .zero }
        nextTimer = outcome.nextTimer(before: nextTimer)
        announce(outcome)
        return outcome.replies.first
    }

    /// Opens a session in memory where the store takes nothing now; `nil` for anything else, and
    /// where there are too many such sessions.
    private func openUnwritten(_ submission: Submission) -> Reply? {
        guard let opening = submission.command as? SessionOpening else { return nil }
        guard let checked = try? checked(opening) else { return nil }
        guard case .success(let admitted) = checked else { return .refused(.notPermitted) }
        guard case .kept(let ended) = parts.unwritten.add(admitted) else { return nil }
        if !ended.isEmpty { parts.sessions.end(ended.map { SessionEnd($0.sessionID) }) }
        return .accepted(Acceptance(offset: 0, result: .sessionOpened(admitted)))
    }
}

extension Writer {
    /// The session as it may be opened now, as readers of the store see it.
    private func checked(
        _ opening: SessionOpening
    ) throws(StoreError) -> Result<SessionRecord, Interruption> {
        try store.readLog { reading throws(StoreError) in
            var workspace = Workspace()
            while true {
                do throws(Interruption) {
                    return .success(try opening.admitted(at: time.moment, workspace))
                } catch {
                    guard case .missing(let missing) = error else { return .failure(error) }
                    try workspace.load(missing.need, from: reading)
                }
            }
        }
    }
}

extension Unavailability {
    /// What a submission is told whose transaction failed.
    fileprivate init(_ error: StoreError) {
        self =
            switch error {
            case .full: .diskFull
            case .locked: .busy
            case .commitFailed: .outcomeUnknown
            case .damaged: .storeDamaged
            case .ioFailure, .corrupted, .superseded, .unsafeSettings, .unsupported:
                .stopped
            }
    }
}
