extension Decider {
    // MARK: Splitting

    /// Makes a request of the messages since a finished chat was begun anew (O9-O11).
    ///
    /// Offered until the chat is finished again. The request they leave returns to the status that
    /// it had before, unless it moves only forward, and is not live: it sleeps and rests as if
    /// nothing had been written. The new one goes on as a live chat.
    mutating func splitNewMessages() throws(Rejection) {
        let source = try request(for: .split)
        guard let session = source.session, let reactivation = source.details.reactivation,
            let before = policy.status(reactivation.statusBefore)
        else { throw .splitNotOffered }
        let moved = situation.messages.filter { $0.sequence >= reactivation.firstSequence }
        guard moved.contains(where: \.isFromContact) else { throw .splitNotOffered }
        guard moved.count < situation.messages.count else { throw .splitLeavesNothing }
        try split(moved, off: source, liveAuthor: session.lastAuthor)
        if let left = situation.request(source.id) {
            rest(left, in: before, until: reactivation.rest?.wakeAt)
        }
    }

    /// Lets a request return to the status that it had before it was begun anew, to sleep there
    /// until the moment that it had, if it had one (I14).
    ///
    /// One that moves only forward stays where it is, if it has moved on.
    private mutating func rest(
        _ request: SupportRequest,
        in before: Status,
        until moment: Timestamp?
    ) {
        let target = returned(to: before, for: request, sleepingUntil: moment)
        let isBackward = policy.status(request.status).map { target.rank < $0.rank } ?? false
        guard !isBackward || rules(of: request)?.isForwardOnly != true else {
            change(request, to: request.status, request.category, because: .split)
            return
        }
        goBack(request, to: target, from: before, until: moment, because: .split)
    }

    /// Changes the status to the one that a request had, or the one that it gets instead; only in
    /// the one that it had it sleeps until the moment that it had.
    private mutating func goBack(
        _ request: SupportRequest,
        to target: Status,
        from before: Status,
        until moment: Timestamp?,
        because cause: StatusCause
    ) {
        let change = StatusChange(
            from: request.status,
            to: target.key,
            category: target.category,
            cause: cause,
            wakeAt: target.key == before.key ? moment : nil
        )
        add(.statusChanged(change), to: request)
    }

    /// Makes a request of some of a request's messages (O4).
    mutating func split(_ split: SplitMessages) throws(Rejection) {
        let source = try request(for: .split)
        switch source.category {
        case .merged, .deleted: throw .requestNotOpen
        case .new, .open, .waiting, .resolved, .closed: break
        }
        guard split.messages.count <= RequestLimits.movedMessages else {
            throw .tooMany(field: "message_ids", limit: UInt64(RequestLimits.movedMessages))
        }
        let wanted = Set(split.messages)
        let moved = situation.messages.filter { wanted.contains($0.id) }
        guard moved.count == wanted.count else { throw .notFound }
        guard !moved.isEmpty, moved.count < situation.messages.count else {
            throw .splitLeavesNothing
        }
        try self.split(moved, off: source, liveAuthor: nil)
    }

    /// Opens a request of the same conversation and kind with messages of another.
    private mutating func split(
        _ moved: [RequestMessage],
        off source: SupportRequest,
        liveAuthor: LiveSession.Author?
    ) throws(Rejection) {
        guard let rules = rules(of: source), let initial = policy.status(rules.initialStatus),
            let channel = policy.channel(source.channel)
        else { throw .kindDisabled(source.details.kind) }
        // What is split off an older request must not take the messages of the newest.
        let isRouted =
            source.details.isRouted && situation.conversation?.newestRequest == source.id
        let opened = OpenedRequest(
            status: initial.key,
            category: initial.category,
            previous: isRouted ? situation.conversation?.newestRequest : nil,
            contact: source.contact,
            channel: source.channel,
            kind: source.details.kind,
            origin: .split,
            isRouted: isRouted,
            title: channel.requiresTitle ? source.title : nil,
            topic: channel.defaultTopic,
            priority: policy.priority(topic: channel.defaultTopic, type: nil, channel: channel)
        )
        open(
            opened,
            in: source.conversation,
            by: principal.party,
            isInternal: source.details.isInternal
        )
        guard let target = situation.request else { return }
        hand(moved, from: source, to: target, liveAuthor: liveAuthor)
        linkToNewest(.splitFrom, source)
        begin()
        if let assignee = source.assignee, let target = situation.request, mayHave(target) {
            give(target, to: assignee)
        }
    }

    /// Lets messages of one request become another's.
    ///
    /// What the other has of later messages gets new places behind them, so that its places stay in
    /// the order of the log however often messages go to and fro.
    private mutating func hand(
        _ messages: [RequestMessage],
        from source: SupportRequest,
        to target: SupportRequest,
        liveAuthor: LiveSession.Author?
    ) {
        let leaving = Set(messages.map(\.id))
        let remaining = situation.messages.filter { !leaving.contains($0.id) }
        // Taken from the whole, they bring the turn of their request with them.
        let taken = remaining.isEmpty ? source.turn : Turn.part(messages, of: source.turn)
        let placed = (messages + situation.laterMessages).sorted { $0.offset < $1.offset }
        let next = target.sequence + 1
        let given = MovedMessages(
            other: target.reference,
            messages: messages.map(\.id),
            firstSequence: next,
            description: messages.first?.beginning ?? "",
            remaining: beginning(without: messages),
            liveAuthor: liveAuthor,
            turn: Turn.part(remaining, of: source.turn)
        )
        let begins = situation.survivorBegins.map { begins in
            placed.first.map { $0.offset < begins } ?? false
        }
        let splitFrom = target.details.reactivation.flatMap { reactivation -> Int? in
            guard !situation.laterMessages.isEmpty else { return nil }
            let own = placed.firstIndex { message in
                message.sequence >= reactivation.firstSequence
                    && situation.laterMessages.contains(message)
            }
            return own ?? placed.count
        }
        let moved = MovedMessages(
            other: source.reference,
            messages: placed.map(\.id),
            firstSequence: next,
            description: placed.first?.beginning ?? "",
            liveAuthor: liveAuthor,
            turn: turn(of: target, after: placed, taken: taken),
            firstRepliedAt: messages.compactMap(\.answeredAt).min(),
            beginsRequest: begins ?? (next == 1),
            splitFrom: splitFrom.map { next + UInt64($0) }
        )
        add(.messagesGiven(given), to: source)
        add(.messagesTaken(moved), to: target)
    }

    /// Whose turn it is in a request that has taken messages, the last of which may be its own.
    private func turn(
        of target: SupportRequest,
        after placed: [RequestMessage],
        taken: Turn?
    ) -> Turn? {
        var turn = Turn.merged(taken, into: target.turn)
        if let last = placed.last, situation.laterMessages.contains(last),
            let author = target.turn?.lastAuthor
        {
            turn?.lastAuthor = author
        }
        return turn
    }

    /// Who wrote last in two requests that become one, where the one that ends is live.
    private func lastAuthor(
        of source: SupportRequest,
        and survivor: SupportRequest
    ) -> LiveSession.Author? {
        guard let session = source.session else { return nil }
        guard let other = survivor.session, other.lastMessageAt > session.lastMessageAt else {
            return session.lastAuthor
        }
        return other.lastAuthor
    }

    /// The beginning of the first message that stays, where the one that a request was described by
    /// leaves it; `nil` where the description stays, or where nothing does.
    private func beginning(without given: [RequestMessage]) -> String? {
        let leaving = Set(given.map(\.id))
        guard let first = situation.messages.first, leaving.contains(first.id) else { return nil }
        return situation.messages.first { !leaving.contains($0.id) }?.beginning
    }

    // MARK: Merging

    /// Lets two requests of one conversation become one: the older survives (S12, O13).
    ///
    /// Who may merge is asked of the one that ends: its agent brings its content to whoever works
    /// on the other. A live chat goes on in the survivor, with the agent who has it. Open work
    /// stays open: a survivor that was over opens, or the two cannot be merged.
    mutating func merge(_ merge: MergeRequests) throws(Rejection) {
        _ = try actingAgent()
        let named = try namedRequest()
        try allow(.merge, on: situation.merging?.source ?? named)
        guard let (survivor, source) = situation.merging,
            merge.other == nil || merge.other == situation.others.first?.id
        else { throw .notMergeable }
        try check(source, mergesInto: survivor)
        let successor = successor(of: source, in: survivor)
        if successor != nil { try checkMembership(of: survivor) }
        if !situation.messages.isEmpty {
            hand(
                situation.messages,
                from: source,
                to: survivor,
                liveAuthor: lastAuthor(of: source, and: survivor)
            )
        }
        end(source, into: survivor)
        for earlier in source.details.sources { compress(earlier, into: survivor) }
        if let successor, let heir = situation.request(survivor.id) { give(heir, to: successor) }
        if source.category.isActive { try goOn(survivor.id) }
    }

    /// Lets the survivor go on with the open work that was merged into it: as the policy says, or
    /// else, where it is over, in a status of open work.
    ///
    /// A request that cannot leave its end keeps no open work: the merge is refused.
    private mutating func goOn(_ survivor: RequestID) throws(Rejection) {
        move(survivor, on: .merged, because: .merged)
        guard let heir = situation.request(survivor), !heir.category.isActive else { return }
        guard let status = policy.statusToGoOn(for: heir) else { throw .notMergeable }
        change(heir, to: status.key, status.category, because: .merged)
    }

    private func check(
        _ source: SupportRequest,
        mergesInto survivor: SupportRequest
    ) throws(Rejection) {
        let isPossible =
            source.conversation == survivor.conversation
            && source.details.isInternal == survivor.details.isInternal
            && source.details.isRouted == survivor.details.isRouted
            && keepsPlace(of: source, survivor)
            && [source, survivor].allSatisfy { request in
                request.category != .merged && request.category != .deleted
            }
        guard isPossible else { throw .notMergeable }
        let sources = survivor.details.sources.count + source.details.sources.count
        guard sources < RequestLimits.sources else {
            throw .tooMany(field: "sources", limit: UInt64(RequestLimits.sources))
        }
        let placed = situation.messages.count + situation.laterMessages.count
        guard placed <= RequestLimits.movedMessages else {
            throw .tooMany(field: "messages", limit: UInt64(RequestLimits.movedMessages))
        }
    }

    /// Whether the survivor gets the contact's next message, where the request that ends would have
    /// got it.
    ///
    /// Of chats only the newest takes messages (O16): past one in between, the next message would
    /// open a new chat beside the one that is talked in.
    private func keepsPlace(of source: SupportRequest, _ survivor: SupportRequest) -> Bool {
        survivor.details.kind != .chat || situation.conversation?.newestRequest != source.id
            || situation.nextNewest == survivor.id
    }

    /// The agent who goes on in the survivor with the open work of a request: who talks live with
    /// the contact, and who has to act where nobody works on the survivor.
    ///
    /// What only waits changes hands where nobody has the survivor.
    private func successor(of source: SupportRequest, in survivor: SupportRequest) -> Agent? {
        guard source.category.isActive, source.assignee?.id != survivor.assignee?.id else {
            return nil
        }
        let isOver = source.category != .waiting && !survivor.category.isActive
        return source.session != nil || isOver || survivor.assignee == nil ? source.assignee : nil
    }

    /// Ends a request whose content another one has.
    private mutating func end(_ source: SupportRequest, into survivor: SupportRequest) {
        guard let emptied = situation.request(source.id),
            let merged = policy.status(for: .merged, of: source.details.kind)
        else { return }
        if emptied.assignee != nil {
            add(.requestAssigned(nil, from: emptied.assignee), to: emptied)
        }
        guard let free = situation.request(source.id) else { return }
        change(free, to: merged.key, merged.category, because: .merged)
        guard let ended = situation.request(source.id) else { return }
        let newest = situation.nextNewest
        add(.merged(into: survivor.reference, newest: newest), to: ended)
        guard let heir = situation.request(survivor.id) else { return }
        add(.mergeTaken(from: source.reference), to: heir)
    }

    /// Lets what was merged into the source point at the survivor, and the survivor know of it, so
    /// that nobody follows two steps however often the survivor is merged itself (I17).
    private mutating func compress(_ earlier: RequestReference, into survivor: SupportRequest) {
        guard let merged = situation.request(earlier.id) else { return }
        add(
            .merged(into: survivor.reference, newest: situation.conversation?.newestRequest),
            to: merged
        )
        guard let heir = situation.request(survivor.id) else { return }
        add(.mergeTaken(from: earlier), to: heir)
    }

    // MARK: Linking

    /// Links two requests, on both sides.
    mutating func link(_ link: LinkRequests) throws(Rejection) {
        let request = try request(for: .link)
        let other = try other(of: link, request)
        let made = Link(kind: link.kind, other: other.reference)
        guard !request.details.links.contains(made) else { throw .noChange }
        // Of two requests one alone is the other's parent.
        let inverse = Link(kind: link.kind.inverse, other: other.reference)
        guard inverse == made || !request.details.links.contains(inverse) else {
            throw .invalidValue(
                field: "kind",
                allowed: ["nothing that contradicts \(inverse.kind.word), as they are linked"]
            )
        }
        try checkDescent(of: link)
        for one in [request, other] where one.details.links.count >= RequestLimits.links {
            throw .tooMany(field: "links", limit: UInt64(RequestLimits.links))
        }
        add(.linked(made), to: request)
        add(.linked(Link(kind: link.kind.inverse, other: request.reference)), to: other)
    }

    /// Refuses to make a request a part of one of its own parts, by however many steps.
    private func checkDescent(of link: LinkRequests) throws(Rejection) {
        let child: RequestID
        switch link.kind {
        case .parent: child = link.other
        case .child: child = link.request
        case .related, .duplicate, .followUp, .followedUp, .splitFrom, .splitInto, .madeFrom,
            .origin:
            return
        }
        guard let ancestors = situation.ancestors else {
            throw .tooMany(field: "parents", limit: UInt64(RequestLimits.ancestors))
        }
        guard !ancestors.contains(child) else {
            throw .invalidValue(
                field: "other_id",
                allowed: ["a parent that is no part of the request itself"]
            )
        }
    }

    /// Takes a link away that people made, on both sides.
    mutating func unlink(_ link: LinkRequests) throws(Rejection) {
        let request = try request(for: .link)
        let other = try other(of: link, request)
        let made = Link(kind: link.kind, other: other.reference)
        guard request.details.links.contains(made) else { throw .noChange }
        add(.unlinked(made), to: request)
        add(.unlinked(Link(kind: link.kind.inverse, other: request.reference)), to: other)
    }

    private func other(
        of link: LinkRequests,
        _ request: SupportRequest
    ) throws(Rejection) -> SupportRequest {
        guard link.kind.isMadeByPeople else {
            let allowed = LinkKind.allCases.filter(\.isMadeByPeople).map(\.word)
            throw .invalidValue(field: "kind", allowed: allowed)
        }
        guard link.other != request.id else {
            throw .invalidValue(field: "other_id", allowed: ["another request"])
        }
        guard let other = situation.request(link.other) else { throw .notFound }
        return other
    }

    // MARK: Deleting

    /// Removes a request, until it is restored.
    mutating func delete() throws(Rejection) {
        let request = try request(for: .delete)
        switch request.category {
        case .merged, .deleted: throw .requestNotOpen
        case .new, .open, .waiting, .resolved, .closed: break
        }
        guard let deleted = policy.status(for: .deleted, of: request.details.kind) else {
            throw .unknownStatus
        }
        change(request, to: deleted.key, deleted.category, because: .deleted)
    }

    /// Brings a deleted request back into the status that it had, or where the policy has that no
    /// more, into its kind's initial one.
    mutating func restore() throws(Rejection) {
        let request = try request(for: .delete)
        guard request.category == .deleted else { throw .noChange }
        let before = request.details.statusBefore.flatMap(policy.status)
        let initial = rules(of: request).flatMap { policy.status($0.initialStatus) }
        guard let status = before ?? initial else { throw .kindDisabled(request.details.kind) }
        let moment = request.details.restBefore?.wakeAt
        let target = returned(to: status, for: request, sleepingUntil: moment)
        goBack(request, to: target, from: status, until: moment, because: .restored)
    }

    /// The status in which a request goes on that returns to one that it had.
    ///
    /// Where the moment until which it slept has passed or is not known, it wakes at once.
    private func returned(
        to status: Status,
        for request: SupportRequest,
        sleepingUntil moment: Timestamp?
    ) -> Status {
        let sleepsOn = moment.map { $0 > now } ?? false
        guard status.waitingFor == .time, !sleepsOn else {
            return reachable(status, for: request)
        }
        let woken = policy.ways(on: .woken, from: status.key).compactMap { policy.status($0.to) }
            .first { $0.serves(request.details.kind) }
        let initial = rules(of: request).flatMap { policy.status($0.initialStatus) }
        return reachable(woken ?? initial ?? status, for: request)
    }
}
