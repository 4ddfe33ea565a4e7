internal import DocketDomain
internal import DocketStore

/// Fires a timer that is due, as a command of the desk itself.
///
/// One that was too early, since something was said meanwhile or another policy waits longer, is
/// set anew; so is none that found nothing to do.
struct FireTimer: UnrepeatedCommand {
    let timer: TimerRecord

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        step.change(.noTimer(of: timer.request, timer.kind))
        // What is decided sees no more of it.
        step.workspace.keep(nil, for: TimerNeed(request: timer.request, kind: timer.kind))
        let before = try step.workspace.situation(ofRequest: timer.request)
        let circumstances = try step.circumstances(in: before)
        var after = before.request
        do throws(Interruption) {
            let decided = try step.decide(timer.command, in: before, under: circumstances)
            after = decided.decision.after.request(timer.request)
        } catch {
            // A timer that the domain has no use for is gone, which is all that was asked of it.
            guard case .rejected = error else { throw error }
        }
        let moment = step.now + timer.setBack
        if let after, let next = step.timer(timer.kind, of: after, after: moment) {
            let again = next.version == timer.version ? next.setBack(by: timer.setBack) : next
            if again.due > step.now { step.change(.timer(again)) }
        }
        return Acceptance(offset: step.nextOffset - 1, result: .timersFollowed)
    }
}

extension TimerRecord {
    /// What the desk does when it is due.
    fileprivate var command: Command {
        let timer = RequestTimer(request: request, version: version, setBack: setBack)
        return switch kind {
        case .inactivity:
            .endInactiveSession(
                EndInactiveSession(request: request, ordinal: version, setBack: setBack)
            )
        case .wake: .wake(timer)
        case .elapse: .elapse(timer)
        }
    }
}

/// Gives some more requests the timers that the rules in force want, after others were in force
/// before: a policy is in force for every request, those that rest among them.
///
/// Timers that are due by now fire with the next transaction. One that a request has no more by
/// these rules, and that is left since nothing can be timed in its category, finds nothing to do
/// when it fires.
struct ReviseTimers: UnrepeatedCommand {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        if let last = try step.workspace.find(RevisionNeed()) {
            let filter = RequestFilter(
                categories: step.policy.timedCategories,
                afterNumber: last,
                limit: step.conditions.limits.revisedRequests
            )
            let found = try step.workspace.find(RequestsNeed(filter: filter))
            for request in found.requests {
                for kind in TimerRecord.Kind.allCases where kind.followsPolicy {
                    try step.set(step.timer(kind, of: request), kind, of: request)
                }
            }
            step.change(.revision(through: found.continuesAfter))
            step.noteRevision(isUnfinished: found.continuesAfter != nil)
        }
        return Acceptance(offset: step.nextOffset - 1, result: .timersFollowed)
    }
}
