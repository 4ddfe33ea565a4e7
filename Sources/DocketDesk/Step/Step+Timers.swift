internal import DocketDomain
internal import DocketStore

extension Step {
    /// Sets or removes the timers of a request where what they wait for has begun or ended.
    ///
    /// A message moves no timer: a timer that fires looks at the last message and is set anew.
    /// Only a timer that was set back with the clock gives way to a message: it could not tell
    /// later that the message was said after that.
    mutating func setTimers(
        of request: SupportRequest,
        from before: SupportRequest?
    ) throws(Interruption) {
        if let before, request.session?.lastMessageAt != before.session?.lastMessageAt,
            let silence = timer(.inactivity, of: request),
            try workspace.find(TimersSetBackNeed())
        {
            change(.timer(silence))
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
            try set(timer, kind, of: request)
        }
    }

    /// Sets the timer that a request waits for, or removes the one that it had.
    mutating func set(
        _ timer: TimerRecord?,
        _ kind: TimerRecord.Kind,
        of request: SupportRequest
    ) throws(Interruption) {
        guard let timer else {
            change(.noTimer(of: request.id, kind))
            return
        }
        change(.timer(try keepingSpan(of: timer)))
    }

    /// The timer that a request waits for, if it does.
    ///
    /// Of what waits for a status to last, only what comes after a moment counts, if one is given.
    func timer(
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

    /// The timer, set back by as much as the one that waits for the same.
    private func keepingSpan(of timer: TimerRecord) throws(Interruption) -> TimerRecord {
        guard try workspace.find(TimersSetBackNeed()),
            let waiting = try workspace.find(TimerNeed(request: timer.request, kind: timer.kind)),
            waiting.version == timer.version
        else { return timer }
        return timer.setBack(by: waiting.setBack)
    }
}
