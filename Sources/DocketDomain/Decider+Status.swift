/// What a command says of a change of status beside the status itself.
struct StatusWish {
    var reason: String?
    var wakeAt: Timestamp?

    /// What a transition wants of the command that it does not say.
    func missing(for transition: Transition) -> [String] {
        transition.requirements.filter { requirement in
            switch requirement {
            case .reason: reason == nil
            case .wakeAt: wakeAt == nil
            case .title, .topic, .type, .priority: false
            }
        }.map(\.rawValue)
    }
}

extension Decider {
    // MARK: Chosen changes

    /// Sets the status, where a transition allows the author to.
    mutating func set(_ setting: SetStatus) throws(Rejection) {
        _ = try actingAgent()
        let request = try namedRequest()
        let wish = StatusWish(reason: setting.reason, wakeAt: setting.wakeAt)
        let transition = try chosen(.set, setting.status, for: request, wish: wish)
        follow(transition, of: request, because: .set, wish: wish)
    }

    /// Ends the live chat and leaves the request in a status.
    ///
    /// A live chat may be left in the status it has: the chat ends and the status stays.
    mutating func finish(_ finish: Finish) throws(Rejection) {
        let acting = try actingAgent()
        let request = try namedRequest()
        let key = finish.status ?? rules(of: request)?.finishStatus ?? request.status
        if key == request.status, request.session != nil {
            guard request.assignee?.id == acting.agent.id || acting.role >= .supervisor else {
                throw .notAssignee
            }
            change(request, to: request.status, request.category, because: .finished)
            return
        }
        let transition = try chosen(.finished, key, for: request, wish: StatusWish())
        follow(transition, of: request, because: .finished)
    }

    /// The transition by which the author reaches a status that the author chose.
    ///
    /// What it wants is refused with everything at once that is missing, in the command and in the
    /// request (C36).
    private func chosen(
        _ trigger: Trigger,
        _ key: StatusKey,
        for request: SupportRequest,
        wish: StatusWish
    ) throws(Rejection) -> Transition {
        guard let target = policy.status(key) else { throw .unknownStatus }
        if let reason = wish.reason {
            try check(reason, .reason, bytes: TextLimits.reasonBytes)
        }
        let actors = principal.actors(on: request.assignee?.id)
        let open = policy.transitions(on: trigger, for: request)
        let ways = open.filter { !$0.actors.isDisjoint(with: actors) }
        guard let transition = ways.first(where: { $0.to == key }) else {
            if ways.isEmpty, open.contains(where: { $0.actors.contains(.assignee) }) {
                throw .notAssignee
            }
            throw .invalidTransition(allowed: ways.map(\.to).withoutRepetitions)
        }
        if let moment = wish.wakeAt { try check(moment, wakesFrom: target) }
        let missing =
            wish.missing(for: transition)
            + policy.missing(for: transition, target, of: request)
        guard missing.isEmpty else { throw .missingFields(missing.withoutRepetitions) }
        return transition
    }

    /// Checks the moment until which a request is to sleep.
    private func check(_ moment: Timestamp, wakesFrom target: Status) throws(Rejection) {
        guard target.category == .waiting else {
            throw .invalidValue(
                field: Requirement.wakeAt.rawValue,
                allowed: ["nothing, for \(target.key)"]
            )
        }
        guard moment > now, moment <= now + RequestLimits.sleep else {
            throw .invalidValue(
                field: Requirement.wakeAt.rawValue,
                allowed: ["a moment within the next ten years"]
            )
        }
    }

    // MARK: Changes that follow by themselves

    /// Moves the request to the status that follows by itself, if one does.
    ///
    /// It is the request that the decision is about, unless another is named. A transition that
    /// asks for what the request does not have is not followed.
    ///
    /// - Returns: The effects, where the caller causes them later.
    @discardableResult
    mutating func move(
        _ moved: RequestID? = nil,
        on trigger: Trigger,
        because cause: StatusCause,
        by actor: Party? = nil,
        causesEffects: Bool = true
    ) -> [Effect] {
        guard let request = moved.map(situation.request) ?? situation.request,
            let transition = policy.next(on: trigger, for: request, by: acting(on: request, actor))
        else { return [] }
        enter(transition, of: request, because: cause, by: actor)
        if causesEffects { perform(transition.effects, on: request.id) }
        return transition.effects
    }

    /// As whom the author acts; somebody else in whose name it happens acts as a contact.
    private func acting(on request: SupportRequest, _ actor: Party?) -> ActorSet {
        actor?.kind == .contact ? .contact : principal.actors(on: request.assignee?.id)
    }

    /// Follows what the policy does with a new request: a transient status is left at once (E20),
    /// and the contact may be told that the request has arrived (S8).
    mutating func begin() {
        move(on: .created, because: .created)
    }

    // MARK: The change itself

    /// Changes the status as a transition says, with its effects.
    mutating func follow(
        _ transition: Transition,
        of request: SupportRequest,
        because cause: StatusCause,
        by actor: Party? = nil,
        wish: StatusWish = StatusWish()
    ) {
        enter(transition, of: request, because: cause, by: actor, wish: wish)
        perform(transition.effects, on: request.id)
    }

    /// Changes the status as a transition says.
    private mutating func enter(
        _ transition: Transition,
        of request: SupportRequest,
        because cause: StatusCause,
        by actor: Party? = nil,
        wish: StatusWish = StatusWish()
    ) {
        guard let target = policy.status(transition.to).map({ reachable($0, for: request) }),
            target.key != request.status || cause.endsLiveSession || wish.wakeAt != nil
        else { return }
        change(request, to: target.key, target.category, because: cause, by: actor, wish: wish)
    }

    /// Does what a transition does beside changing the status.
    mutating func perform(_ effects: [Effect], on id: RequestID) {
        for effect in effects { perform(effect, on: id) }
    }

    /// Adds a change of status.
    ///
    /// A request that sleeps and stays in its status sleeps on, unless it was woken.
    mutating func change(
        _ request: SupportRequest,
        to status: StatusKey,
        _ category: StatusCategory,
        because cause: StatusCause,
        by actor: Party? = nil,
        wish: StatusWish = StatusWish()
    ) {
        let sleepsOn = status == request.status && cause != .woken
        let change = StatusChange(
            from: request.status,
            to: status,
            category: category,
            cause: cause,
            reason: wish.reason,
            wakeAt: wish.wakeAt ?? (sleepsOn ? request.details.wakeAt : nil)
        )
        add(.statusChanged(change), to: request, by: actor)
    }

    private mutating func perform(_ effect: Effect, on id: RequestID) {
        guard let request = situation.request(id) else { return }
        switch effect {
        case .tell(let text):
            guard !request.details.isInternal else { return }
            let message = Message(
                id: makeID(),
                sequence: request.sequence + 1,
                text: text,
                authoredAt: nil
            )
            add(.messagePosted(message), to: request, by: .desk)
        case .tag(let tag):
            guard !request.details.tags.contains(tag),
                request.details.tags.count < RequestLimits.tags
            else { return }
            add(.detailsChanged([.tagAdded(tag)]), to: request, by: .desk)
        case .release:
            guard request.assignee != nil else { return }
            add(.requestAssigned(nil, from: request.assignee), to: request, by: .desk)
        }
    }

    /// The status itself, or the initial one where it needs an agent and there is none.
    func reachable(_ status: Status, for request: SupportRequest) -> Status {
        guard status.requiresAssignee, request.assignee == nil,
            let initial = rules(of: request).flatMap({ policy.status($0.initialStatus) })
        else { return status }
        return initial
    }

    /// How requests of this one's kind live; `nil` once the desk no longer handles the kind.
    func rules(of request: SupportRequest) -> KindRules? {
        policy.rules(for: request.details.kind)
    }
}

extension Policy {
    /// The transitions out of a request's status, in the policy's order, whoever causes them: those
    /// whose condition holds and which lead to a status of the request's kind, in its direction.
    package func transitions(on trigger: Trigger, for request: SupportRequest) -> [Transition] {
        let ways = ways(on: trigger, from: request.status)
        guard !ways.isEmpty, let status = status(request.status) else { return [] }
        let kind = request.details.kind
        let isForwardOnly = rules(for: kind)?.isForwardOnly ?? false
        return ways.filter { transition in
            guard let target = self.status(transition.to), target.serves(kind),
                !isForwardOnly || target.rank > status.rank || target.key == status.key,
                !lacksAgent(target, request) || !(trigger.isChosen || isForwardOnly)
            else { return false }
            return transition.condition?.holds(for: request, under: self) ?? true
        }
    }

    /// Whether a status needs an agent and nobody has the request, so that it would get the initial
    /// status instead: nobody chooses that, and what moves only forward does not go back there.
    private func lacksAgent(_ status: Status, _ request: SupportRequest) -> Bool {
        status.requiresAssignee && request.assignee == nil
    }

    /// The transitions that can be followed by themselves, in the policy's order.
    func followed(
        on trigger: Trigger,
        for request: SupportRequest,
        by actors: ActorSet
    ) -> [Transition] {
        transitions(on: trigger, for: request).filter { transition in
            guard !transition.actors.isDisjoint(with: actors),
                let target = status(transition.to)
            else { return false }
            return missing(for: transition, target, of: request).isEmpty
        }
    }

    /// The transition that is followed by itself; `nil` when the status stays.
    package func next(
        on trigger: Trigger,
        for request: SupportRequest,
        by actors: ActorSet
    ) -> Transition? {
        followed(on: trigger, for: request, by: actors).first
    }

    /// The status in which a request that is over goes on with open work where no transition leads
    /// out of its end: the one for open requests of its kind, or the one in which they begin.
    ///
    /// - Returns: `nil` where it moves only forward and neither lies ahead.
    package func statusToGoOn(for request: SupportRequest) -> Status? {
        let kind = request.details.kind
        guard let rules = rules(for: kind) else { return nil }
        let rank = status(request.status)?.rank ?? 0
        return [status(for: .open, of: kind), status(rules.initialStatus)].lazy
            .compactMap { $0 }
            .first { status in
                status.category.isActive && !status.isTransient && !lacksAgent(status, request)
                    && (!rules.isForwardOnly || status.rank > rank)
            }
    }

    /// What a transition wants of a request that it does not have: what the transition names, and
    /// the fields of the phases that end with its status (I8).
    package func missing(
        for transition: Transition,
        _ target: Status,
        of request: SupportRequest
    ) -> [String] {
        let details = request.details
        var missing: [String] = transition.requirements.filter { requirement in
            switch requirement {
            case .reason, .wakeAt: false
            case .title: details.title == nil
            case .topic: details.topic == nil
            case .type: details.type == nil
            case .priority: details.priority == nil
            }
        }.map(\.rawValue)
        if target.category == .resolved || target.category == .closed {
            missing += missingFields(in: .process, of: request)
            missing += missingFields(in: .close, of: request)
        }
        return missing.withoutRepetitions
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
