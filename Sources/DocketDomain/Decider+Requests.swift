extension Decider {
    /// Makes the author the assignee.
    ///
    /// Of several who try, one wins.
    mutating func take() throws(Rejection) {
        let request = try request(for: .take)
        let acting = try actingAgent()
        guard request.category.isActive else { throw .requestNotOpen }
        if let assignee = request.assignee { throw .alreadyAssigned(assignee) }
        try checkMembership(of: request)
        give(request, to: acting.agent)
    }

    /// Gives the request to an agent or to nobody.
    mutating func assign(_ assignment: Assign) throws(Rejection) {
        let request = try request(for: .assign)
        guard request.category.isActive else { throw .requestNotOpen }
        guard assignment.agent != request.assignee?.id else { throw .noChange }
        if assignment.agent == nil {
            try release(request)
            return
        }
        guard let agent = circumstances.agent else { throw .unknownAgent }
        try checkMembership(of: request)
        give(request, to: agent)
    }

    /// Gives the request to an agent, and moves it on.
    mutating func give(_ request: SupportRequest, to agent: Agent) {
        add(.requestAssigned(agent, from: request.assignee), to: request)
        move(request.id, on: .assigned, because: .assigned)
    }

    /// Takes the agent off the request; a status that needs one gives way to the initial status.
    ///
    /// A request that moves only forward cannot go back there: it goes from agent to agent (C4).
    mutating func release(_ request: SupportRequest) throws(Rejection) {
        add(.requestAssigned(nil, from: request.assignee), to: request)
        move(on: .released, because: .assigned)
        guard let released = situation.request, let status = policy.status(released.status) else {
            return
        }
        let next = reachable(status, for: released)
        guard next.key != status.key else { return }
        guard next.rank > status.rank || rules(of: request)?.isForwardOnly != true else {
            throw .invalidTransition(allowed: [])
        }
        change(released, to: next.key, next.category, because: .assigned)
    }

    /// Says that an agent looks at the request.
    ///
    /// Only the first look of any agent, and the first of the agent who has it, are facts; reading
    /// changes the status only where a transition says so (I35).
    mutating func view() throws(Rejection) {
        let acting = try actingAgent()
        let request = try namedRequest()
        let byAssignee = request.assignee?.id == acting.agent.id
        let isFirst = request.details.firstViewedAt == nil
        let isFirstOfAssignee = byAssignee && request.details.viewedByAssigneeAt == nil
        guard isFirst || isFirstOfAssignee else { return }
        add(.requestViewed(byAssignee: byAssignee), to: request)
        if isFirstOfAssignee { move(on: .viewed, because: .viewed) }
    }

    /// Adds an internal comment, whatever the status.
    mutating func postNote(_ note: PostNote) throws(Rejection) {
        let request = try request(for: .note)
        try check(text: note.text)
        let entry = Note(id: note.id, sequence: request.noteSequence + 1, text: note.text)
        add(.notePosted(entry), to: request)
    }
}

// MARK: Timers

extension Decider {
    /// The request of a timer; a timer is the desk's own.
    private func timerRequest() throws(Rejection) -> SupportRequest? {
        guard case .desk = principal.identity else { throw .notPermitted }
        return situation.request
    }

    /// Ends a live chat that has been silent for as long as its channel allows.
    ///
    /// A timer that a later message, session or finish has overtaken changes nothing.
    mutating func endInactiveSession(_ ending: EndInactiveSession) throws(Rejection) {
        guard let request = try timerRequest(), let session = request.session,
            session.ordinal == ending.ordinal,
            let due = request.inactivityDue(under: policy), due <= now + ending.setBack
        else { return }
        let trigger: Trigger =
            switch session.lastAuthor {
            case .contact: .inactiveAfterContact
            case .agent: .inactiveAfterAgent
            }
        if let transition = policy.next(on: trigger, for: request, by: .timer) {
            follow(transition, of: request, because: .timer)
        } else {
            change(request, to: request.status, request.category, because: .timer)
        }
    }

    /// Wakes a request whose time has come.
    mutating func wake(_ timer: RequestTimer) throws(Rejection) {
        guard let request = try timerRequest(), let moment = request.details.wakeAt,
            moment.milliseconds == timer.version, moment <= now + timer.setBack
        else { return }
        if let transition = policy.next(on: .woken, for: request, by: .timer) {
            follow(transition, of: request, because: .woken)
        } else {
            change(request, to: request.status, request.category, because: .woken)
        }
    }

    /// Moves a request on that has been in its status for as long as a transition says.
    mutating func elapse(_ timer: RequestTimer) throws(Rejection) {
        guard let request = try timerRequest(),
            request.statusSince.milliseconds == timer.version
        else { return }
        let ways = policy.followed(on: .elapsed, for: request, by: .timer)
        let due = ways.first { way in
            way.after.map { request.statusSince + $0 <= now + timer.setBack } ?? false
        }
        guard let due else { return }
        follow(due, of: request, because: .elapsed)
    }
}

extension Policy {
    /// The categories of requests for which a timer can be set: those in which a chat can be live,
    /// and those with a status that ends after a span.
    package var timedCategories: [StatusCategory] {
        let timed = statuses.filter { !ways(on: .elapsed, from: $0.key).isEmpty }
        return StatusCategory.allCases.filter { category in
            category.isActive || timed.contains { $0.category == category }
        }
    }
}

extension SupportRequest {
    /// When the live chat ends if nothing more is said; `nil` where none is live or its channel
    /// lets chats be silent.
    package func inactivityDue(under policy: Policy) -> Timestamp? {
        guard let session, let span = policy.channel(channel)?.inactiveAfter else { return nil }
        return session.lastMessageAt + span
    }

    /// When the request has been in its status for as long as a transition says; `nil` where none
    /// waits for that.
    ///
    /// - Parameters:
    ///   - policy: The rules.
    ///   - moment: Only what comes after it counts, where it is given: what was due before has had
    ///     its turn.
    /// - Returns: The earliest such moment.
    package func elapseDue(under policy: Policy, after moment: Timestamp? = nil) -> Timestamp? {
        let ways = policy.followed(on: .elapsed, for: self, by: .timer)
        let dues = ways.compactMap(\.after).map { statusSince + $0 }
        return dues.filter { due in moment.map { due > $0 } ?? true }.min()
    }
}
