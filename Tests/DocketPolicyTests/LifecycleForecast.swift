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
            isLive: cell.live != .none,
            wakeAt: cell.status.waitingFor == .time ? Names.began + .seconds(60) : nil
        )
    }

    /// The forecast for a request that somebody else has.
    private init(neighbour cell: LifecycleCell, by visitor: Visitor) {
        self.init(cell, by: visitor)
        state.assignee = Names.neighbour.id
    }

    private var table: StateTable { cell.table }
    private var category: StatusCategory { table.status(state.status).category }
    private var isLiveChannel: Bool { cell.channel.inactiveAfter != nil }
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
        case .postNamed: return try post(isNamed: true)
        case .note:
            try permit(.note)
            return done()
        case .edit: return try edit()
        case .set(let key): return try set(key)
        case .finish(let key): return try finish(key)
        case .splitNewMessages: return try splitNewMessages()
        case .splitMessages(let count): return try splitMessages(count)
        case .mergeNewer: return try mergeNewer()
        case .mergeIntoOlder(let isNext): return try mergeIntoOlder(isNext: isNext)
        case .link, .unlink:
            try permit(.link)
            let older = cell.neighbour(in: cell.olderStatus)
            return done(other: LifecycleForecast(neighbour: older, by: visitor).state)
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
    private func permit(_ action: WorkAction, having agent: AgentID?) throws(Rejection) {
        guard visitor.isAgent else { throw .notPermitted }
        let allowed = table.content.permissions[action] ?? action.usualActors
        guard visitor.actors(having: agent).isDisjoint(with: allowed) else { return }
        throw allowed.contains(.assignee) ? .notAssignee : .notPermitted
    }

    private func permit(_ action: WorkAction) throws(Rejection) {
        try permit(action, having: state.assignee)
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
        case .matches(.chat, let values):
            let isLive = state.isLive && cell.channel.inactiveAfter != nil
            return values.contains(isLive ? "live" : "quiet")
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
    ///
    /// What only a command can say is missing where a chosen line asks for it and the attempt does
    /// not say it.
    private func missing(for line: Transition, unsaid: [Requirement] = []) -> [String] {
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
        missing = line.requirements.filter(unsaid.contains).map(\.rawValue) + missing
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

    /// Changes the status; what sleeps and stays in its status sleeps on.
    private mutating func move(to status: Status, until wakeAt: Timestamp? = nil) {
        if status.key != state.status || wakeAt != nil { state.wakeAt = wakeAt }
        state.status = status.key
    }

    /// The status itself, or the initial one where it needs an agent and there is none.
    private func reachable(_ status: Status) -> Status {
        status.requiresAssignee && state.assignee == nil ? initial : status
    }

    private mutating func enter(_ line: Transition, until wakeAt: Timestamp? = nil) {
        move(to: reachable(table.status(line.to)), until: wakeAt)
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
            move(to: initial)
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

    private mutating func post(
        isLate: Bool = false,
        isNamed: Bool = false
    ) throws(Rejection) -> LifecycleOutcome {
        switch visitor {
        case .contact, .integration:
            guard isNamed || !cell.channel.separatesMessages else { return openNext() }
            return try postAsContact(isLate: isLate)
        case .partner, .desk: throw .notPermitted
        case .assignee, .agent, .supervisor, .administrator: break
        }
        guard category.isActive || category == .resolved else { throw .requestNotOpen }
        if state.assignee == nil, category.isActive, table.content.answeringTakes {
            state.assignee = visitor.agentID
        } else {
            try permit(.answer)
        }
        if state.assignee == visitor.agentID { follow(.viewed) }
        follow(.answered)
        return done()
    }

    private mutating func postAsContact(
        isLate: Bool
    ) throws(Rejection) -> LifecycleOutcome {
        if category == .merged, cell.status.reply == .append { return try postToSurvivor() }
        switch cell.status.reply {
        case .refuse: throw .repliesRefused
        case .newRequest: return openNext()
        case .appendWithin where isLate: return openNext()
        case .append, .appendWithin:
            follow(.contactReplied, by: .contact)
            if isLiveChannel { state.isLive = true }
            return done()
        }
    }

    /// What becomes of a message that is passed on to the request that has a merged one's content.
    private func postToSurvivor() throws(Rejection) -> LifecycleOutcome {
        let neighbour = cell.neighbour(in: cell.statusBefore)
        var survivor = LifecycleForecast(neighbour: neighbour, by: visitor)
        let outcome = try survivor.postAsContact(isLate: false)
        guard case .done(let state, let opened) = outcome else { return outcome }
        return done(other: opened ?? state)
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
            live: isLiveChannel ? .first : .none,
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
        let sleeps = table.status(key).waitingFor == .time
        try choose(.set, key, until: sleeps ? cell.now + .seconds(60) : nil)
        return state == before ? .nothing : done()
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

    private mutating func choose(
        _ trigger: Trigger,
        _ key: StatusKey,
        until wakeAt: Timestamp? = nil
    ) throws(Rejection) {
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
        let missing = missing(for: line, unsaid: wakeAt == nil ? [.reason, .wakeAt] : [.reason])
        guard missing.isEmpty else { throw .missingFields(missing) }
        enter(line, until: wakeAt)
    }

    // MARK: Splitting, merging, deleting

    private mutating func splitNewMessages() throws(Rejection) -> LifecycleOutcome {
        try permit(.split)
        guard cell.live == .again else { throw .splitNotOffered }
        var other = next(origin: .split, by: nil, givenTo: state.assignee)
        other.isLive = true
        let target = reachable(cell.statusBefore)
        if !isForwardOnly || target.rank >= cell.status.rank {
            state.wakeAt = target.key == cell.statusBefore.key ? cell.wakeBefore : nil
            state.status = target.key
        }
        state.isLive = false
        return done(other: other)
    }

    private mutating func splitMessages(_ count: Int) throws(Rejection) -> LifecycleOutcome {
        try permit(.split)
        try refuseGone()
        guard count < 3 else { throw .splitLeavesNothing }
        var other = next(origin: .split, by: nil, givenTo: state.assignee)
        other.isLive = false
        return done(other: other)
    }

    private func ending(_ category: StatusCategory) -> Status {
        table.status(table.content.statuses.first { $0.category == category }?.key ?? "")
    }

    private var merged: LifecycleState {
        LifecycleState(status: ending(.merged).key, assignee: nil, isLive: false)
    }

    /// A live chat that somebody else has is merged into this request.
    private mutating func mergeNewer() throws(Rejection) -> LifecycleOutcome {
        try permit(.merge, having: Names.neighbour.id)
        guard category != .merged, category != .deleted else { throw .notMergeable }
        try takeOver(from: Names.neighbour.id, isLive: true, category: cell.statusBefore.category)
        return done(other: merged)
    }

    /// This request is merged into one that somebody else has finished.
    private mutating func mergeIntoOlder(isNext: Bool) throws(Rejection) -> LifecycleOutcome {
        try permit(.merge)
        guard category != .merged, category != .deleted, isNext || cell.kind != .chat else {
            throw .notMergeable
        }
        let older = cell.neighbour(in: cell.olderStatus)
        var survivor = LifecycleForecast(neighbour: older, by: visitor)
        try survivor.takeOver(
            from: state.assignee,
            isLive: state.isLive,
            category: category
        )
        let tags = state.tags
        state = merged
        state.tags = tags
        return done(other: survivor.state)
    }

    /// Open work goes on in the request that takes it: a live chat with its agent, and so does what
    /// has to be done where that request is over, and everything where nobody has it.
    private mutating func takeOver(
        from agent: AgentID?,
        isLive: Bool,
        category source: StatusCategory
    ) throws(Rejection) {
        guard source.isActive else { return }
        let isOver = source != .waiting && !category.isActive
        if isLive { state.isLive = true }
        if let agent, agent != state.assignee, isLive || isOver || state.assignee == nil {
            state.assignee = agent
            follow(.assigned)
        }
        follow(.merged)
        guard !category.isActive else { return }
        let open = table.statuses(of: cell.kind).filter { $0.category == .open }
        let ways = [open.first { $0.isDefault } ?? open.first, initial].compactMap(\.self)
        let rank = table.status(state.status).rank
        let next = ways.first { status in
            !status.isTransient && !(status.requiresAssignee && state.assignee == nil)
                && (!isForwardOnly || status.rank > rank)
        }
        guard let next else { throw .notMergeable }
        move(to: next)
    }

    private mutating func delete() throws(Rejection) -> LifecycleOutcome {
        try permit(.delete)
        try refuseGone()
        move(to: ending(.deleted))
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
        move(to: reachable(target))
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
        state.wakeAt = nil
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
