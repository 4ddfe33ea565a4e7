import DocketDomain
import DocketStore

extension EventInvariant {
    /// Every invariant that every single event has to keep.
    package static let all = [
        offsets, numbers, categories, transitions, direction, timersThatClose, fields, owners,
        audiences, membership, sequences, sessions, versions, splits, chain, merges, ways, reading,
        people, moments, sleep,
    ]

    /// I1: a number and an id are given once, and numbers without a gap.
    private static let numbers = EventInvariant("I1 numbers") { moment in
        guard case .requestOpened = moment.event.fact, let mark = moment.event.request else {
            return nil
        }
        let next = UInt64(moment.before.order.count) + 1
        guard mark.number == next, moment.before.request(mark.id) == nil else {
            return "the next number was \(next)"
        }
        return nil
    }

    /// I2: the category kept with a status is the one that the policy gives it.
    private static let categories = EventInvariant("I2 category") { moment in
        guard let change = moment.statusChange else { return nil }
        let category = moment.policy.status(change.to)?.category
        guard category == change.category, moment.requestAfter?.category == change.category,
            moment.requestAfter?.status == change.to
        else { return "the policy says \(category.map { "\($0)" } ?? "nothing")" }
        return nil
    }

    /// I3: a status changes by a transition that the policy has, or by a command of its own.
    private static let transitions = EventInvariant("I3 transition") { moment in
        guard let change = moment.statusChange else { return nil }
        guard let request = moment.requestBefore, request.status == change.from else {
            return "the request was in another status"
        }
        guard change.from != change.to else { return nil }
        let usual = moment.policy.initialStatus(of: request)
        if let targets = change.cause.ownTargets(from: request, change, moment.policy) {
            return targets.contains(change.to) ? nil : "allowed: \(targets)"
        }
        let ways = moment.policy.transitions.filter { transition in
            change.cause.triggers.contains(transition.trigger)
                && moment.policy.status(change.from).map(transition.leaves) ?? false
        }
        let reached = ways.contains { way in
            let needsAgent = moment.policy.status(way.to)?.requiresAssignee ?? false
            return way.to == change.to
                || (needsAgent && request.assignee == nil && change.to == usual)
        }
        let opensByMerge =
            change.cause == .merged && !request.category.isActive && change.category.isActive
        return reached || opensByMerge
            || change.isRelease(of: request, to: usual, under: moment.policy)
            ? nil : "no transition allows it"
    }

    /// I4: a kind that moves only forward never moves back, except that what was undone by a
    /// command of its own returns to where it was.
    private static let direction = EventInvariant("I4 direction") { moment in
        guard let change = moment.statusChange, change.from != change.to,
            let request = moment.requestBefore,
            moment.policy.rules(for: request.details.kind)?.isForwardOnly == true,
            let from = moment.policy.status(change.from), let to = moment.policy.status(change.to)
        else { return nil }
        switch change.cause {
        case .split, .restored, .deleted: return nil
        case .merged where to.category == .merged: return nil
        default: return to.rank > from.rank ? nil : "rank \(to.rank) follows rank \(from.rank)"
        }
    }

    /// I6: no timer closes a request unless the policy says that timers may.
    private static let timersThatClose = EventInvariant("I6 timers") { moment in
        guard let change = moment.statusChange, moment.event.way == .timer,
            change.category == .closed, change.from != change.to,
            !moment.policy.content.timersMayClose
        else { return nil }
        return "a timer closed it"
    }

    /// I8: what is asked for before a request is resolved or closed is there by then.
    ///
    /// What returns to where it was, by a split or a restoration, is asked for nothing again.
    private static let fields = EventInvariant("I8 fields") { moment in
        guard let change = moment.statusChange, change.from != change.to,
            change.category == .resolved || change.category == .closed,
            change.cause != .split, change.cause != .restored,
            let request = moment.requestBefore
        else { return nil }
        let missing =
            moment.policy.missingFields(in: .process, of: request)
            + moment.policy.missingFields(in: .close, of: request)
        return missing.isEmpty ? nil : "missing: \(missing)"
    }

    /// I9: a request belongs to its conversation's contact and channel, and to nobody beside.
    private static let owners = EventInvariant("I9 contact") { moment in
        guard let request = moment.requestAfter else { return nil }
        let conversation = moment.after.conversation(request.conversation)
        guard conversation?.contact == request.contact, conversation?.channel == request.channel
        else { return "the conversation is another's" }
        return nil
    }

    /// I10: notes, and everything of an internal request, are for the staff alone.
    private static let audiences = EventInvariant("I10 audience") { moment in
        var isForStaff = moment.requestAfter?.details.isInternal ?? false
        if case .notePosted = moment.event.fact { isForStaff = true }
        guard isForStaff else { return nil }
        return moment.entry.audience == .staff ? nil : "everybody hears of it"
    }

    /// I34: what was done says who did it and by which way.
    private static let ways = EventInvariant("I34 way") { moment in
        let kinds: [PartyKind] =
            switch moment.event.way {
            case .call: [.contact, .agent, .desk]
            case .channel: [.contact, .integration]
            case .partner: [.contact, .partner]
            case .timer, .rule: [.desk]
            }
        let actor = moment.event.actor
        guard kinds.contains(actor.kind), actor.kind == .desk || actor.id != nil else {
            return "\(actor.kind) by \(moment.event.way)"
        }
        return nil
    }

    /// I34: the log has no gap and nothing before its end changes.
    private static let offsets = EventInvariant("I34 log") { moment in
        let next = UInt64(moment.before.entries.count) + 1
        return moment.entry.offset == next ? nil : "the next offset was \(next)"
    }

    /// I40: the desk's clock alone says when, and the author's is kept apart; a clock that was
    /// adjusted by a little is waited for.
    private static let moments = EventInvariant("I40 time") { moment in
        let lead = moment.event.at.since(moment.now)
        return lead >= .zero && lead <= .seconds(60)
            ? nil : "at \(moment.event.at), not \(moment.now)"
    }
}

extension Policy {
    /// The status in which requests of a request's kind begin, and to which they return for lack of
    /// an agent.
    func initialStatus(of request: SupportRequest) -> StatusKey? {
        rules(for: request.details.kind)?.initialStatus
    }
}

extension StatusChange {
    /// Whether the request lost its agent and with that a status that needs one.
    fileprivate func isRelease(
        of request: SupportRequest,
        to initial: StatusKey?,
        under policy: Policy
    ) -> Bool {
        cause == .assigned && request.assignee == nil && to == initial
            && policy.status(from)?.requiresAssignee == true
    }
}

extension StatusCause {
    /// What makes a transition that leads to this cause be followed.
    fileprivate var triggers: [Trigger] {
        switch self {
        case .assigned: [.assigned, .released]
        case .answered: [.answered]
        case .finished: [.finished]
        case .contactReplied: [.contactReplied]
        case .timer: [.inactiveAfterAgent, .inactiveAfterContact]
        case .set: [.set]
        case .viewed: [.viewed]
        case .created: [.created]
        case .woken: [.woken]
        case .elapsed: [.elapsed]
        case .merged: [.merged]
        case .split, .deleted, .restored: []
        }
    }

    /// The statuses to which a command of its own leads; `nil` where transitions say.
    fileprivate func ownTargets(
        from request: SupportRequest,
        _ change: StatusChange,
        _ policy: Policy
    ) -> [StatusKey]? {
        let before =
            self == .split
            ? request.details.reactivation?.statusBefore : request.details.statusBefore
        switch self {
        case .split, .restored:
            // What slept before and has lost its moment wakes.
            let rest =
                self == .split ? request.details.reactivation?.rest : request.details.restBefore
            let sleepsOn = rest?.wakeAt != nil
            let woken = policy.transitions.filter { way in
                way.trigger == .woken && before.map(way.from.contains) ?? false
            }.map(\.to)
            return [before, policy.initialStatus(of: request)].compactMap(\.self)
                + (sleepsOn ? [] : woken)
        case .deleted: return change.category == .deleted ? [change.to] : []
        case .merged where change.category == .merged: return [change.to]
        default: return nil
        }
    }
}
