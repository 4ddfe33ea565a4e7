extension Decider {
    /// Makes the author the assignee.
    ///
    /// Of several who try, one wins.
    mutating func take() throws(Rejection) {
        let acting = try actingAgent()
        let request = try namedRequest()
        guard request.category.isActive else { throw .requestNotOpen }
        if let assignee = request.assignee { throw .alreadyAssigned(assignee) }
        add(.requestAssigned(acting.agent), to: request)
        move(on: .assigned, because: .assigned)
    }

    /// Gives the request to an agent or to nobody.
    mutating func assign(_ assignment: Assign) throws(Rejection) {
        let acting = try actingAgent()
        let request = try namedRequest()
        guard request.assignee?.id == acting.agent.id || acting.role >= .supervisor else {
            throw .notAssignee
        }
        guard request.category.isActive else { throw .requestNotOpen }
        guard assignment.agent != request.assignee?.id else { throw .noChange }
        if assignment.agent == nil {
            release(request)
            return
        }
        guard let agent = circumstances.agent else { throw .unknownAgent }
        add(.requestAssigned(agent), to: request)
        move(on: .assigned, because: .assigned)
    }

    /// Takes the agent off the request; a status that needs one gives way to the initial status.
    private mutating func release(_ request: SupportRequest) {
        add(.requestAssigned(nil), to: request)
        guard let status = policy.status(request.status), status.requiresAssignee,
            let released = situation.request
        else { return }
        let initial = policy.initialStatus
        change(released, to: initial.key, initial.category, because: .assigned)
    }

    /// Adds an internal comment; any agent may, whatever the status.
    mutating func postNote(_ note: PostNote) throws(Rejection) {
        _ = try actingAgent()
        let request = try namedRequest()
        try check(text: note.text)
        let entry = Note(id: note.id, sequence: request.noteSequence + 1, text: note.text)
        add(.notePosted(entry), to: request)
    }

    /// Ends the live chat and leaves the request in a status.
    ///
    /// A live chat may be left in the status it has: the chat ends and the status stays.
    mutating func finish(_ finish: Finish) throws(Rejection) {
        let acting = try actingAgent()
        let request = try namedRequest()
        guard request.assignee?.id == acting.agent.id || acting.role >= .supervisor else {
            throw .notAssignee
        }
        let key = finish.status ?? policy.finishStatus.key
        guard let status = policy.status(key) else { throw .unknownStatus }
        let allowed = policy.finishes(
            from: request.status,
            hasAssignee: request.assignee != nil
        )
        let endsInPlace = key == request.status && request.session != nil
        guard endsInPlace || (allowed.contains(key) && key != request.status) else {
            throw .invalidTransition(allowed: allowed.filter { $0 != request.status })
        }
        change(request, to: status.key, status.category, because: .finished)
    }

    /// Ends a live chat that has been silent for as long as its channel allows.
    ///
    /// A timer that a later message, session or finish has overtaken changes nothing.
    mutating func endInactiveSession(_ ending: EndInactiveSession) throws(Rejection) {
        guard case .desk = principal.identity else { throw .notPermitted }
        guard let request = situation.request, let session = request.session,
            session.ordinal == ending.ordinal,
            let due = request.inactivityDue(under: policy), due <= now
        else { return }
        let trigger: Trigger =
            switch session.lastAuthor {
            case .contact: .inactiveAfterContact
            case .agent: .inactiveAfterAgent
            }
        let next = policy.next(on: trigger, from: request.status)
            .map { reachable($0, for: request) }
        change(
            request,
            to: next?.key ?? request.status,
            next?.category ?? request.category,
            because: .timer
        )
    }
}

extension SupportRequest {
    /// When the live chat ends if nothing more is said; `nil` where none is live or its channel
    /// lets chats be silent.
    package func inactivityDue(under policy: Policy) -> Timestamp? {
        guard let session, let span = policy.channel(channel)?.inactiveAfter else { return nil }
        return session.lastMessageAt + span
    }
}
