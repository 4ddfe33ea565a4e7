internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Sets or removes the timers of a request where what they wait for has begun or ended.
    ///
    /// A message moves no timer: a timer that fires looks at the last message and is set anew.
    /// Only a timer that was set back with the clock gives way to a message: it could not tell
    /// later that the message was said after that.
    mutating func setTimers(
        of request: SupportRequest,
        from before: SupportRequest?
    ) throws(StoreError) {
        if let before, request.session?.lastMessageAt != before.session?.lastMessageAt,
            let silence = timer(.inactivity, of: request), try hasTimersSetBack()
        {
            try set(silence)
        }
        if let before, request.session?.ordinal == before.session?.ordinal,
            request.statusSince == before.statusSince, request.status == before.status,
            request.assignee == before.assignee, request.hasSameDetails(as: before)
        {
            return
        }
        for kind in TimerRecord.Kind.allCases {
            let timer = timer(kind, of: request)
            let earlier = before.flatMap { self.timer(kind, of: $0) }
            // A later message puts off no silence, but another tag may bring another span.
            let isSame =
                kind == .inactivity ? timer?.version == earlier?.version : timer == earlier
            guard !isSame else { continue }
            if let timer {
                try set(keepingSpan(of: timer))
            } else {
                try transaction.removeTimer(of: request.id, kind: kind)
            }
        }
    }

    /// The timer that a request waits for, if it does.
    ///
    /// Of what waits for a status to last, only what comes after a moment counts, if one is given.
    private func timer(
        _ kind: TimerRecord.Kind,
        of request: SupportRequest,
        after moment: Timestamp? = nil
    ) -> TimerRecord? {
        let version: UInt64?
        let due: Timestamp?
        switch kind {
        case .inactivity:
            version = request.session?.ordinal
            due = request.inactivityDue(under: policy)
        case .wake:
            version = request.details.wakeAt?.milliseconds
            due = request.details.wakeAt
        case .elapse:
            version = request.statusSince.milliseconds
            due = request.elapseDue(under: policy, after: moment)
        }
        guard let version, let due else { return nil }
        return TimerRecord(request: request.id, kind: kind, version: version, due: due)
    }

    /// Gives some more requests the timers that the rules in force want, after others were in force
    /// before: a policy is in force for every request, those that rest among them.
    ///
    /// Timers that are due by now fire with the next transaction. One that a request has no more by
    /// these rules, and that is left since nothing can be timed in its category, finds nothing to
    /// do when it fires.
    mutating func reviseTimers() throws(StoreError) {
        guard let last = try transaction.timersRevisedThrough() else { return }
        let filter = RequestFilter(
            categories: policy.timedCategories,
            afterNumber: last,
            limit: parts.limits.revisedRequests
        )
        let found = try transaction.requests(filter)
        for request in found.requests { try reviseTimers(of: request) }
        try transaction.keep(timersRevisedThrough: found.continuesAfter)
        outcome.hasMoreToRevise = found.continuesAfter != nil
    }

    private mutating func reviseTimers(of request: SupportRequest) throws(StoreError) {
        for kind in TimerRecord.Kind.allCases where kind.followsPolicy {
            if let timer = timer(kind, of: request) {
                try set(keepingSpan(of: timer))
            } else {
                try transaction.removeTimer(of: request.id, kind: kind)
            }
        }
    }

    /// Sets every timer back, as the clock was: what is left of its span stays.
    ///
    /// A negative span takes that back, as far as timers were set back.
    mutating func setTimersBack(by span: Duration) throws(StoreError) {
        try transaction.setTimersBack(by: span, at: now)
        readsTimersSetBack = span > .zero ? true : nil
        outcome.knownTimer = try transaction.nextTimer()?.due
        outcome.hasReadTimers = true
    }

    /// Whether timers wait that were set back; looked up once for a transaction.
    private mutating func hasTimersSetBack() throws(StoreError) -> Bool {
        if let known = readsTimersSetBack { return known }
        let found = try transaction.hasTimersSetBack()
        readsTimersSetBack = found
        return found
    }

    /// The timer, set back by as much as the one that waits for the same.
    private mutating func keepingSpan(
        of timer: TimerRecord
    ) throws(StoreError) -> TimerRecord {
        guard try hasTimersSetBack(),
            let waiting = try transaction.timer(of: timer.request, kind: timer.kind),
            waiting.version == timer.version
        else { return timer }
        return timer.setBack(by: waiting.setBack)
    }

    private mutating func set(_ timer: TimerRecord) throws(StoreError) {
        try transaction.set(timer)
        outcome.earliestTimer = min(outcome.earliestTimer ?? timer.due, timer.due)
    }

    /// Fires the timers that are due, as commands of the desk itself.
    mutating func fireTimers() throws(StoreError) {
        for _ in 0..<parts.limits.timersInTransaction {
            guard let timer = try transaction.nextTimer(), timer.due <= now else { break }
            try fire(timer)
        }
        outcome.knownTimer = try transaction.nextTimer()?.due
        outcome.hasReadTimers = true
    }

    /// Fires a timer.
    ///
    /// One that was too early, since something was said meanwhile or another policy waits longer,
    /// is set anew; so is none that found nothing to do.
    private mutating func fire(_ timer: TimerRecord) throws(StoreError) {
        try transaction.removeTimer(of: timer.request, kind: timer.kind)
        let submission = Submission(
            key: nil,
            principal: .desk,
            change: .command(command(of: timer))
        )
        do throws(Interruption) {
            _ = try perform(submission)
        } catch {
            guard case .store(let failure) = error else { return }
            throw failure
        }
        guard let request = try transaction.situation(ofRequest: timer.request).request,
            let next = self.timer(timer.kind, of: request, after: now + timer.setBack)
        else { return }
        let again = next.version == timer.version ? next.setBack(by: timer.setBack) : next
        if again.due > now { try set(again) }
    }

    private func command(of timer: TimerRecord) -> Command {
        switch timer.kind {
        case .inactivity:
            .endInactiveSession(
                EndInactiveSession(
                    request: timer.request,
                    ordinal: timer.version,
                    setBack: timer.setBack
                )
            )
        case .wake: .wake(RequestTimer(timer))
        case .elapse: .elapse(RequestTimer(timer))
        }
    }
}

extension RequestTimer {
    fileprivate init(_ timer: TimerRecord) {
        self.init(request: timer.request, version: timer.version, setBack: timer.setBack)
    }
}
