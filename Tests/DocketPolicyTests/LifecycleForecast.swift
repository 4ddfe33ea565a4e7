import DocketDomain

/// What an attempt has to lead to, by what the policy's tables say.
struct LifecycleForecast {
    let cell: LifecycleCell
    let visitor: Visitor
    /// What is expected of the request so far.
    private var state: LifecycleState

    init(_ cell: LifecycleCell, by visitor: Visitor) {
        self.cell = cell
        self.visitor = visitor
        state = LifecycleState(
            status: cell.status.key,
            assignee: cell.assignee,
            isLive: cell.live != .none
        )
    }

    private var table: StateTable { cell.table }
    private var category: StatusCategory { table.status(state.status).category }
    private var isForwardOnly: Bool { table.rules(cell.kind)?.isForwardOnly ?? false }
    private var initial: Status { table.status(table.rules(cell.kind)?.initialStatus ?? "") }
    private var acting: ActorSet { visitor.actors(having: state.assignee) }

    /// What has to come of an attempt.
    mutating func outcome(of attempt: LifecycleAttempt) -> LifecycleOutcome {
        do {
            return try forecast(attempt)
        } catch {
            return .refused(error)
        }
    }

    private mutating func forecast(
        _ attempt: LifecycleAttempt
    ) throws(Rejection) -> LifecycleOutcome {
        switch attempt {
        case .take: return try take()
        case .give: return try give()
        case .giveToNobody: return try giveToNobody()
        case .view: return try view()
        case .post, .postLate: return try post(isLate: attempt == .postLate)
        case .note:
            try permit(.note)
            return done()
        case .edit: return try edit()
        case .set(let key): return try set(key)
        case .finish(let key): return try finish(key)
        case .splitNewMessages: return try splitNewMessages()
        case .mergeNewer: return try mergeNewer()
        case .delete: return try delete()
        case .restore: return try restore()
        case .silence(let author): return try silence(after: author)
        case .wake: return try wake()
        case .elapse, .elapseEarly: return try elapse(isEarly: attempt == .elapseEarly)
        }
    }

    private func done(other: LifecycleState? = nil) -> LifecycleOutcome {
        .done(state, other: other)
    }

    // MARK: What the tables say

    /// Refuses who may not do something: nobody but agents work on requests.
    private func permit(_ action: WorkAction) throws(Rejection) {
        guard visitor.isAgent else { throw .notPermitted }
        let allowed = table.content.permissions[action] ?? action.usualActors
        guard acting.isDisjoint(with: allowed) else { return }
        throw allowed.contains(.assignee) ? .notAssignee : .notPermitted
    }

    private func requireActive() throws(Rejection) {
        guard category.isActive else { throw .requestNotOpen }
    }

    private func refuseGone() throws(Rejection) {
        guard category != .merged, category != .deleted else { throw .requestNotOpen }
    }

    /// What a request in the cell's circumstances has.
    private func holds(_ condition: Condition, origin: Origin) -> Bool {
        switch condition {
        case .all(let parts): return parts.allSatisfy { holds($0, origin: origin) }
        case .any(let parts): return parts.contains { holds($0, origin: origin) }
        case .none(let parts): return !parts.contains { holds($0, origin: origin) }
        case .matches(.channel, let values): return values.contains(cell.channel.key)
        case .matches(.origin, let values): return values.contains(origin.word)
        case .matches(.kind, let values): return values.contains(cell.kind.word)
        case .matches: return false
        }
    }

    /// The lines that lead on from where the request is, whoever causes them.
    private func lines(_ trigger: Trigger, origin: Origin = .line) -> [Transition] {
        table.lines(trigger, state.status, cell.kind).filter { line in
            let lacksAgent = table.status(line.to).requiresAssignee && state.assignee == nil
            let isChosen = trigger == .set || trigger == .finished
            guard !lacksAgent || !(isChosen || isForwardOnly) else { return false }
            return line.condition.map { holds($0, origin: origin) } ?? true
        }
    }

    /// What a line asks for and the request does not have.
    private func missing(for line: Transition) -> [String] {
        let isFull = cell.filling == .everything
        var missing: [String] = line.requirements.filter { requirement in
            switch requirement {
            case .reason, .wakeAt: false
            case .title: !isFull && !cell.channel.requiresTitle
            case .topic: cell.topic == nil
            case .type: cell.type == nil
            case .priority: table.content.priorities.isEmpty
            }
        }.map(\.rawValue)
        let target = table.status(line.to).category
        guard target == .resolved || target == .closed, !isFull else { return missing }
        for phase in [FieldPhase.process, .close] {
            for set in table.content.fieldSets where set.phase == phase {
                let fits =
                    (set.kind == nil || set.kind == cell.kind)
                    && (set.topic == nil || set.topic == cell.topic)
                if fits { missing += set.required.filter { !missing.contains($0) } }
            }
        }
        return missing
    }

    /// Follows the first line that fits, if one does.
    private mutating func follow(
        _ trigger: Trigger,
        by actors: ActorSet? = nil,
        endsChat: Bool = false,
        origin: Origin = .line
    ) {
        let actors = actors ?? acting
        let line = lines(trigger, origin: origin).first { line in
            !line.actors.isDisjoint(with: actors) && missing(for: line).isEmpty
        }
        if let line { enter(line) }
        if endsChat { state.isLive = false }
    }

    private mutating func enter(_ line: Transition) {
        let target = table.status(line.to)
        let lacksAgent = target.requiresAssignee && state.assignee == nil
        state.status = lacksAgent ? initial.key : target.key
        if !category.isActive { state.isLive = false }
        for effect in line.effects {
            switch effect {
            case .tell: state.told += 1
            case .tag(let tag): state.tags = Set(state.tags + [tag]).sorted()
            case .release: state.assignee = nil
            }
        }
    }

    // MARK: Agents

    private mutating func take() throws(Rejection) -> LifecycleOutcome {
        try permit(.take)
        try requireActive()
        guard state.assignee == nil else {
            throw .alreadyAssigned(Agent(id: Names.agent(1), name: "Ann"))
        }
        state.assignee = visitor.agentID
        follow(.assigned)
        return done()
    }

    private mutating func give() throws(Rejection) -> LifecycleOutcome {
        try permit(.assign)
        try requireActive()
        state.assignee = Names.colleague.id
        follow(.assigned)
        return done()
    }

    private mutating func giveToNobody() throws(Rejection) -> LifecycleOutcome {
        try permit(.assign)
        try requireActive()
        guard state.assignee != nil else { throw .noChange }
        state.assignee = nil
        follow(.released)
        if table.status(state.status).requiresAssignee {
            guard !isForwardOnly else { throw .invalidTransition(allowed: []) }
            state.status = initial.key
        }
        return done()
    }

    private mutating func view() throws(Rejection) -> LifecycleOutcome {
        guard visitor.isAgent else { throw .notPermitted }
        if visitor.agentID == state.assignee { follow(.viewed) }
        return done()
    }

    private mutating func edit() throws(Rejection) -> LifecycleOutcome {
        try permit(.edit)
        try refuseGone()
        state.tags.append("tried")
        return done()
    }

    // MARK: Messages

    private mutating func post(isLate: Bool) throws(Rejection) -> LifecycleOutcome {
        switch visitor {
        case .contact, .integration: return try postAsContact(isLate: isLate)
        case .partner, .desk: throw .notPermitted
        case .assignee, .agent, .supervisor, .administrator: break
        }
        guard category.isActive || category == .resolved else { throw .requestNotOpen }
        if state.assignee == nil, category.isActive, table.content.answeringTakes {
            state.assignee = visitor.agentID
        } else {
            try permit(.answer)
        }
        follow(.answered)
        return done()
    }

    private mutating func postAsContact(isLate: Bool) throws(Rejection) -> LifecycleOutcome {
        switch cell.status.reply {
        case .refuse: throw .repliesRefused
        case .newRequest: return openNext()
        case .appendWithin where isLate: return openNext()
        case .append, .appendWithin:
            follow(.contactReplied, by: .contact)
            state.isLive = true
            return done()
        }
    }

    private func openNext() -> LifecycleOutcome {
        done(other: next(origin: .line, by: .contact, givenTo: nil))
    }

    /// A request that begins now.
    private func next(
        origin: Origin,
        by actors: ActorSet?,
        givenTo assignee: AgentID?
    ) -> LifecycleState {
        let fresh = LifecycleCell(
            table: table,
            kind: cell.kind,
            channel: cell.channel,
            status: initial,
            isAssigned: false,
            live: .first,
            filling: .nothing
        )
        var next = LifecycleForecast(fresh, by: visitor)
        next.follow(.created, by: actors, origin: origin)
        if let assignee {
            next.state.assignee = assignee
            next.follow(.assigned, origin: origin)
        }
        return next.state
    }

    // MARK: Choices

    private mutating func set(_ key: StatusKey) throws(Rejection) -> LifecycleOutcome {
        guard visitor.isAgent else { throw .notPermitted }
        let before = state
        try choose(.set, key)
        let isResleep = table.status(key).waitingFor == .time
        return state == before && !isResleep ? .nothing : done()
    }

    private mutating func finish(_ key: StatusKey?) throws(Rejection) -> LifecycleOutcome {
        guard visitor.isAgent else { throw .notPermitted }
        let key = key ?? table.rules(cell.kind)?.finishStatus ?? ""
        if key == state.status, state.isLive {
            guard !acting.isDisjoint(with: [.assignee, .supervisor]) else { throw .notAssignee }
            state.isLive = false
            return done()
        }
        try choose(.finished, key)
        state.isLive = false
        return done()
    }

    private mutating func choose(_ trigger: Trigger, _ key: StatusKey) throws(Rejection) {
        guard table.content.statuses.contains(where: { $0.key == key }) else {
            throw .unknownStatus
        }
        let open = lines(trigger)
        let own = open.filter { !$0.actors.isDisjoint(with: acting) }
        guard let line = own.first(where: { $0.to == key }) else {
            if own.isEmpty, open.contains(where: { $0.actors.contains(.assignee) }) {
                throw .notAssignee
            }
            var allowed: [StatusKey] = []
            for line in own where !allowed.contains(line.to) { allowed.append(line.to) }
            throw .invalidTransition(allowed: allowed)
        }
        if trigger == .finished, line.requirements.contains(.wakeAt) {
            throw .missingFields(["wake_at"])
        }
        let missing = missing(for: line)
        guard missing.isEmpty else { throw .missingFields(missing) }
        enter(line)
    }

    // MARK: Splitting, merging, deleting

    private mutating func splitNewMessages() throws(Rejection) -> LifecycleOutcome {
        try permit(.split)
        guard cell.live == .again else { throw .splitNotOffered }
        let other = next(origin: .split, by: nil, givenTo: state.assignee)
        let before = cell.statusBefore
        let goesBack = before.rank < cell.status.rank
        if !(isForwardOnly && goesBack) { goBack(to: before) }
        state.isLive = false
        return done(other: other)
    }

    private mutating func mergeNewer() throws(Rejection) -> LifecycleOutcome {
        try permit(.merge)
        guard category != .merged, category != .deleted else { throw .notMergeable }
        let wasLive = state.isLive
        follow(.merged)
        state.isLive = category.isActive || wasLive
        let merged = table.content.statuses.first { $0.category == .merged }?.key ?? ""
        return done(other: LifecycleState(status: merged, assignee: nil, isLive: false))
    }

    private mutating func delete() throws(Rejection) -> LifecycleOutcome {
        try permit(.delete)
        try refuseGone()
        state.status = table.content.statuses.first { $0.category == .deleted }?.key ?? ""
        state.isLive = false
        return done()
    }

    private mutating func restore() throws(Rejection) -> LifecycleOutcome {
        try permit(.delete)
        guard category == .deleted else { throw .noChange }
        goBack(to: cell.statusBefore)
        return done()
    }

    /// Returns to a status that the request had; one that slept wakes, as its moment is gone.
    private mutating func goBack(to before: Status) {
        var target = before
        if before.waitingFor == .time {
            let woken = table.content.transitions.first { line in
                line.trigger == .woken && line.leaves(before)
                    && table.status(line.to).serves(cell.kind)
            }
            target = woken.map { table.status($0.to) } ?? initial
        }
        let lacksAgent = target.requiresAssignee && state.assignee == nil
        state.status = lacksAgent ? initial.key : target.key
    }

    // MARK: Timers

    private func requireDesk() throws(Rejection) {
        guard visitor == .desk else { throw .notPermitted }
    }

    private mutating func silence(
        after author: LiveSession.Author
    ) throws(Rejection) -> LifecycleOutcome {
        try requireDesk()
        guard state.isLive, cell.channel.inactiveAfter != nil else { return .nothing }
        switch author {
        case .contact: follow(.inactiveAfterContact, endsChat: true)
        case .agent: follow(.inactiveAfterAgent, endsChat: true)
        }
        return done()
    }

    private mutating func wake() throws(Rejection) -> LifecycleOutcome {
        try requireDesk()
        guard cell.status.waitingFor == .time else { return .nothing }
        follow(.woken)
        return done()
    }

    private mutating func elapse(isEarly: Bool) throws(Rejection) -> LifecycleOutcome {
        try requireDesk()
        let passed = cell.elapsingSpan - (isEarly ? .milliseconds(1) : .zero)
        let line = lines(.elapsed).first { line in
            missing(for: line).isEmpty && (line.after.map { $0 <= passed } ?? false)
        }
        guard let line else { return .nothing }
        enter(line)
        return done()
    }
}
