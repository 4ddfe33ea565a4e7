// What a fact changes: the state of the desk, a request's version, and what is said in a request.

extension Fact {
    /// Whether a request has another version after it.
    ///
    /// A note leaves the version as it is, and so does a look: neither makes a command stale that
    /// was made without knowing of it.
    var countsVersion: Bool {
        switch self {
        case .requestOpened, .messagePosted, .statusChanged, .requestAssigned, .titleChanged,
            .detailsChanged, .linked, .unlinked, .messagesGiven, .messagesTaken, .merged,
            .mergeTaken:
            true
        case .notePosted, .requestViewed, .conversationOpened, .readMarked, .receivedMarked,
            .policyApplied, .administered:
            false
        }
    }

    /// What can be read in it or is found by its words.
    package enum Content: Sendable {
        /// Something said in public.
        case message(Message)
        /// An internal comment.
        case note(Note)
        /// What a request or its contact is called from then on; neither where nothing is named.
        case names(title: String?, contact: String?)
        /// Messages that have their places in the fact's request from then on.
        case places(MovedMessages)
    }

    /// What can be read in it or is found by its words; `nil` where that is nothing.
    package var content: Content? {
        switch self {
        case .messagePosted(let message): .message(message)
        case .notePosted(let note): .note(note)
        case .requestOpened(let opened):
            .names(title: opened.title, contact: opened.contact.name)
        case .titleChanged(_, let title): .names(title: title, contact: nil)
        case .administered(let change): .names(title: nil, contact: change.contactName)
        case .messagesTaken(let moved): .places(moved)
        case .conversationOpened, .statusChanged, .requestAssigned, .readMarked, .receivedMarked,
            .requestViewed, .detailsChanged, .linked, .unlinked, .messagesGiven, .merged,
            .mergeTaken, .policyApplied:
            nil
        }
    }
}

extension Situation {
    /// Carries the situation over an event.
    ///
    /// An event of a request outside the situation leaves the requests as they are,
    /// except that a newly opened one takes the place of the one the command is about.
    package mutating func apply(_ event: Event) {
        switch event.fact {
        case .conversationOpened(let contact, let channel):
            guard let id = event.conversation else { return }
            conversation = Conversation(
                id: id,
                contact: contact,
                channel: channel,
                newestRequest: conversation?.id == id ? conversation?.newestRequest : nil,
                isInternal: event.isInternal
            )
        case .requestOpened(let opened): apply(opened, event)
        case .readMarked(let offset, _):
            readUpTo = max(readUpTo, offset)
            receivedUpTo = max(receivedUpTo, offset)
        case .receivedMarked(let offset, _): receivedUpTo = max(receivedUpTo, offset)
        case .merged(_, let newest):
            if conversation?.newestRequest == event.request?.id {
                conversation?.newestRequest = newest
            }
            carryRequest(over: event)
        case .policyApplied, .administered: return
        case .messagePosted, .notePosted, .statusChanged, .requestAssigned, .requestViewed,
            .titleChanged, .detailsChanged, .linked, .unlinked, .messagesGiven, .messagesTaken,
            .mergeTaken:
            carryRequest(over: event)
        }
    }

    private mutating func apply(_ opened: OpenedRequest, _ event: Event) {
        guard let mark = event.request, let conversation = event.conversation else { return }
        if opened.isRouted { self.conversation?.newestRequest = mark.id }
        if let request { others.append(request) }
        request = SupportRequest(
            opened: opened,
            as: mark,
            in: conversation,
            by: event.actor,
            at: event.at,
            isInternal: event.isInternal
        )
    }

    private mutating func carryRequest(over event: Event) {
        guard let id = event.request?.id else { return }
        if request?.id == id {
            request?.apply(event)
        } else if let place = others.firstIndex(where: { $0.id == id }) {
            others[place].apply(event)
        }
    }
}

extension SupportRequest {
    /// Carries the request over an event of its own.
    mutating func apply(_ event: Event) {
        switch event.fact {
        case .messagePosted(let message):
            apply(message, by: event.actor, at: event.at)
        case .notePosted(let note): noteSequence = note.sequence
        case .statusChanged(let change): apply(change, at: event.at)
        case .requestAssigned(let agent, _):
            assignee = agent
            details.viewedByAssigneeAt = nil
            if agent != nil, details.acceptedAt == nil { details.acceptedAt = event.at }
        case .requestViewed(let byAssignee):
            details.firstViewedAt = details.firstViewedAt ?? event.at
            if byAssignee { details.viewedByAssigneeAt = event.at }
        case .titleChanged(_, let title): details.title = title
        case .detailsChanged(let changes):
            for change in changes { details.apply(change) }
        case .linked(let link): details.links.append(link)
        case .unlinked(let link): details.links.removeAll { $0 == link }
        case .messagesGiven(let moved):
            if let remaining = moved.remaining { description = remaining }
            turn = moved.turn ?? turn
        case .messagesTaken(let moved): apply(moved, at: event.at)
        case .merged(let survivor, _): details.mergedInto = survivor
        case .mergeTaken(let source): details.sources.append(source)
        case .conversationOpened, .requestOpened, .readMarked, .receivedMarked, .policyApplied,
            .administered:
            return
        }
        guard event.fact.countsVersion else { return }
        changedAt = event.at
        version = event.request?.version ?? version
        versionForContact = event.request?.versionForContact ?? versionForContact
        if event.fact.audience == .conversation { changedForContactAt = event.at }
    }

    /// Adds a message.
    ///
    /// A contact's message begins a live period where there is none; what the desk itself says
    /// keeps no chat alive (O7).
    private mutating func apply(_ message: Message, by author: Party, at moment: Timestamp) {
        sequence = message.sequence
        if message.sequence == 1 {
            description = TextLimits.beginning(
                of: message.headline,
                bytes: TextLimits.descriptionBytes
            )
        }
        takeTurn(author.kind, at: moment)
        switch author.kind {
        case .desk: return
        case .contact where session == nil:
            guard !message.isQuiet else { return }
            if sessionCount > 0, details.reactivation == nil {
                details.reactivation = Reactivation(of: self, by: message.sequence)
            }
            beginSession(by: .contact, at: moment)
        case .contact:
            session?.lastAuthor = .contact
            session?.lastMessageAt = moment
        case .agent, .integration, .partner:
            session?.lastAuthor = .agent
            session?.lastMessageAt = moment
            guard author.kind == .agent else { return }
            if details.origin != .manual || sequence > 1, details.firstRepliedAt == nil {
                details.firstRepliedAt = moment
            }
            // Whoever has it and answers has looked at it.
            guard author.id == assignee.map({ PrincipalID($0.id) }),
                details.viewedByAssigneeAt == nil
            else { return }
            details.viewedByAssigneeAt = moment
            details.firstViewedAt = details.firstViewedAt ?? moment
        }
    }

    /// Notes who wrote, and since when the contact waits.
    ///
    /// What an agent or a partner opens on behalf of a contact is the contact's question, and what
    /// is internal keeps no contact waiting.
    private mutating func takeTurn(_ author: PartyKind, at moment: Timestamp) {
        let asksForContact =
            sequence == 1 && (details.origin == .manual || details.origin == .partner)
        switch author {
        case .desk: return
        case .contact:
            turn = Turn(lastAuthor: .contact, waitingSince: turn?.waitingSince ?? moment)
        case .agent, .integration, .partner:
            turn = Turn(lastAuthor: .agent, waitingSince: asksForContact ? moment : nil)
        }
        if details.isInternal { turn?.waitingSince = nil }
    }

    private mutating func beginSession(by author: LiveSession.Author, at moment: Timestamp) {
        sessionCount += 1
        session = LiveSession(
            ordinal: sessionCount,
            lastAuthor: author,
            lastMessageAt: moment
        )
    }

    private mutating func endSession() {
        session = nil
        if details.reactivation != nil { details.reactivation = nil }
    }

    private mutating func apply(_ change: StatusChange, at moment: Timestamp) {
        if change.cause == .contactReplied, session == nil, sessionCount > 0 {
            details.reactivation = Reactivation(of: self, by: sequence + 1)
        }
        if let rest = restResumed(by: change) {
            resume(rest)
        } else if change.from != change.to {
            enter(change, at: moment)
        }
        if change.cause == .restored { details.restBefore = nil }
        if change.cause == .split, details.reactivation != nil, sessionCount > 0 {
            // The live period has gone with its messages.
            sessionCount -= 1
        }
        if change.wakeAt != details.wakeAt { details.wakeAt = change.wakeAt }
        status = change.to
        category = change.category
        if change.cause.endsLiveSession || !change.category.isActive { endSession() }
        if change.answersContact { turn?.waitingSince = nil }
    }

    /// Notes what entering a status means for the request's times.
    private mutating func enter(_ change: StatusChange, at moment: Timestamp) {
        if change.category == .deleted { details.restBefore = Rest(of: self) }
        statusSince = moment
        guard change.cause != .restored else { return }
        switch change.category {
        case .resolved: details.resolvedAt = moment
        case .closed: details.closedAt = moment
        case .merged, .deleted: details.statusBefore = change.from
        case .new, .open, .waiting:
            guard category == .resolved || category == .closed else { return }
            details.reopenings += 1
            // Whoever has it has not looked at what opened it.
            details.viewedByAssigneeAt = nil
        }
    }

    /// How the request rests again after a change that gives it back the status that it had.
    private func restResumed(by change: StatusChange) -> Rest? {
        switch change.cause {
        case .split: details.reactivation?.rest(in: change.to)
        case .restored: change.to == details.statusBefore ? details.restBefore : nil
        case .assigned, .answered, .finished, .contactReplied, .timer, .set, .viewed, .created,
            .woken, .elapsed, .merged, .deleted:
            nil
        }
    }

    /// Lets the request's times be as they were before; until when it sleeps says the change
    /// itself.
    private mutating func resume(_ rest: Rest) {
        statusSince = rest.statusSince
        details.resolvedAt = rest.resolvedAt
        details.closedAt = rest.closedAt
        details.reopenings = rest.reopenings
    }

    /// Takes over messages of another request; a live chat goes on here.
    private mutating func apply(_ moved: MovedMessages, at moment: Timestamp) {
        sequence = moved.firstSequence + UInt64(moved.messages.count) - 1
        if moved.beginsRequest || moved.firstSequence == 1 { description = moved.description }
        if let first = moved.firstRepliedAt {
            details.firstRepliedAt = min(details.firstRepliedAt ?? first, first)
        }
        if let place = moved.splitFrom, let reactivation = details.reactivation {
            details.reactivation = Reactivation(
                firstSequence: place,
                statusBefore: reactivation.statusBefore,
                rest: reactivation.rest
            )
        }
        turn = moved.turn ?? turn
        guard let author = moved.liveAuthor else { return }
        guard session != nil else { return beginSession(by: author, at: moment) }
        session?.lastAuthor = author
        session?.lastMessageAt = moment
    }
}

extension StatusChange {
    /// Whether the company is done with it, so that the contact waits for nothing more.
    ///
    /// A deleted request may be restored, and a chat that fell silent may still want its answer.
    fileprivate var answersContact: Bool {
        switch category {
        case .resolved, .closed, .merged: true
        case .new, .open, .waiting, .deleted: cause == .finished
        }
    }
}

extension Reactivation {
    /// Notes how a request is before its contact's message at a place begins it anew.
    fileprivate init(of request: SupportRequest, by sequence: UInt64) {
        self.init(
            firstSequence: sequence,
            statusBefore: request.status,
            rest: Rest(of: request)
        )
    }

    /// How the request was before, where it returns to the status that it had.
    fileprivate func rest(in status: StatusKey) -> Rest? {
        status == statusBefore ? rest : nil
    }
}

extension Rest {
    /// Notes how a request is.
    fileprivate init(of request: SupportRequest) {
        let details = request.details
        self.init(
            statusSince: request.statusSince,
            wakeAt: details.wakeAt,
            resolvedAt: details.resolvedAt,
            closedAt: details.closedAt,
            reopenings: details.reopenings
        )
    }
}

extension RequestDetails {
    /// Makes a change of its own.
    mutating func apply(_ change: DetailChange) {
        switch change {
        case .topic(_, let key): topic = key
        case .type(_, let key): type = key
        case .priority(_, let key): priority = key
        case .field(let key, _, let value, _): fields[key] = value
        case .tagAdded(let tag): tags = (tags + [tag]).sorted()
        case .tagRemoved(let tag): tags.removeAll { $0 == tag }
        case .watcherAdded(let agent): watchers = (watchers + [agent]).sorted { $0.id < $1.id }
        case .watcherRemoved(let agent): watchers.removeAll { $0.id == agent.id }
        case .participantAdded(let contact):
            participants = (participants + [contact]).sorted { $0.id < $1.id }
        case .participantRemoved(let contact): participants.removeAll { $0.id == contact.id }
        }
    }
}
