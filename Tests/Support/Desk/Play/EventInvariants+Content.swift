import DocketDomain

extension EventInvariant {
    /// I11: a message belongs to one request at any time, and moves only from the request that has
    /// it to the end of another.
    static let membership = EventInvariant("I11 membership") { moment in
        guard let request = moment.requestBefore else { return nil }
        let own = Set((moment.before.messages[request.id] ?? []).map(\.message))
        switch moment.event.fact {
        case .messagePosted(let message):
            let everywhere = moment.before.messages.values.joined()
            return everywhere.contains { $0.message == message.id } ? "it was said before" : nil
        case .messagesGiven(let moved):
            return own.isSuperset(of: moved.messages) ? nil : "it gives what it does not have"
        case .messagesTaken(let moved):
            let everywhere = Set(moment.before.messages.values.joined().map(\.message))
            return everywhere.subtracting(own).isDisjoint(with: moved.messages)
                ? nil : "somebody has it still"
        default: return nil
        }
    }

    /// I12: the places among the public entries and among the notes have no gaps.
    static let sequences = EventInvariant("I12 sequence") { moment in
        guard let request = moment.requestBefore else { return nil }
        let last = moment.before.sequences[request.id] ?? 0
        switch moment.event.fact {
        case .messagePosted(let message):
            return message.sequence == last + 1 ? nil : "the next place was \(last + 1)"
        case .messagesTaken(let moved):
            return moved.firstSequence == last + 1 ? nil : "the next place was \(last + 1)"
        case .notePosted(let note):
            let next = request.noteSequence + 1
            return note.sequence == next ? nil : "the next place was \(next)"
        default:
            let count = moment.requestAfter?.sequence
            return count == last ? nil : "it has \(last) public entries, and says \(count ?? 0)"
        }
    }

    /// I13: one live period at a time, and their ordinals go up by one.
    static let sessions = EventInvariant("I13 live period") { moment in
        guard let after = moment.requestAfter else { return nil }
        let count = moment.requestBefore?.sessionCount ?? 0
        // A live period that is split off is the other request's.
        let isSplit =
            moment.statusChange?.cause == .split && count > 0 && after.sessionCount == count - 1
        guard isSplit || (count...count + 1).contains(after.sessionCount) else {
            return "\(after.sessionCount) live periods follow \(count)"
        }
        guard let session = after.session else { return nil }
        let isNew = moment.requestBefore?.session?.ordinal != session.ordinal
        guard session.ordinal == after.sessionCount, !isNew || after.sessionCount == count + 1
        else { return "live period \(session.ordinal) of \(after.sessionCount)" }
        return nil
    }

    /// Every change counts, and notes and looks count as none: contacts see the version.
    static let versions = EventInvariant("Versions") { moment in
        guard let before = moment.requestBefore, let mark = moment.event.request else {
            return nil
        }
        let step: UInt64 =
            switch moment.event.fact {
            case .notePosted, .requestViewed: 0
            default: 1
            }
        return mark.version == before.version + step
            && moment.requestAfter?.version == mark.version
            ? nil : "version \(mark.version) follows \(before.version)"
    }

    /// I14: only a chat that was finished and begun anew is split, and what it leaves is at rest in
    /// the status it had.
    static let splits = EventInvariant("I14 split") { moment in
        guard let change = moment.statusChange, change.cause == .split else { return nil }
        guard let before = moment.requestBefore, let session = before.session,
            session.ordinal >= 2
        else { return "no later live period was split" }
        guard moment.requestAfter?.session == nil else { return "it is live still" }
        guard moment.before.messages[before.id]?.isEmpty == false else { return "nothing is left" }
        guard let link = before.details.links.last, link.kind == .splitInto,
            let new = moment.before.request(link.other.id),
            new.contact == before.contact, new.channel == before.channel,
            new.conversation == before.conversation, new.number != before.number,
            new.details.isRouted == moment.isRouted(new, splitFrom: before),
            new.details.isInternal == before.details.isInternal
        else { return "no request of the same contact has the messages" }
        return moment.restProblem(of: before.id, after: change)
    }

    /// I16: a request begins after the newest of its conversation's chain.
    static let chain = EventInvariant("I16 chain") { moment in
        guard case .requestOpened(let opened) = moment.event.fact,
            let conversation = moment.event.conversation
        else { return nil }
        let newest = moment.before.conversation(conversation)?.newestRequest
        return opened.previous == (opened.isRouted ? newest : nil)
            ? nil : "it begins after another than the newest"
    }

    /// I17: content goes to an older request that has its own.
    static let merges = EventInvariant("I17 merge") { moment in
        guard case .merged(let survivor, _) = moment.event.fact else { return nil }
        guard let request = moment.requestAfter, let heir = moment.after.request(survivor.id),
            heir.number < request.number, heir.number == survivor.number
        else { return "the survivor is not older" }
        guard heir.category != .merged, heir.conversation == request.conversation,
            heir.details.isInternal == request.details.isInternal
        else { return "the survivor is of another sort" }
        guard request.session == nil, request.assignee == nil, request.details.wakeAt == nil,
            request.category == .merged, moment.after.messages[request.id]?.isEmpty ?? true
        else { return "something of it goes on" }
        let newest = moment.before.conversation(request.conversation)?.newestRequest
        guard
            heir.details.kind != .chat || newest != request.id
                || moment.after.conversation(request.conversation)?.newestRequest == heir.id
        else { return "another chat takes the contact's messages" }
        return nil
    }

    /// I35: a mark changes no request, and a look nothing but when it was looked at.
    static let reading = EventInvariant("I35 reading") { moment in
        switch moment.event.fact {
        case .readMarked, .receivedMarked:
            return moment.event.request == nil ? nil : "a mark is a request's"
        case .requestViewed:
            guard var before = moment.requestBefore, let after = moment.requestAfter else {
                return "it is no request's"
            }
            before.details.firstViewedAt = after.details.firstViewedAt
            before.details.viewedByAssigneeAt = after.details.viewedByAssigneeAt
            return before == after ? nil : "it changed something else"
        default: return nil
        }
    }

    /// I37: only who was added is removed, and everything else about a request stays.
    static let people = EventInvariant("I37 people") { moment in
        guard case .detailsChanged(let changes) = moment.event.fact,
            let before = moment.requestBefore, let after = moment.requestAfter
        else { return nil }
        var watchers = before.details.watchers
        var participants = before.details.participants
        for change in changes {
            switch change {
            case .watcherAdded(let agent): watchers.append(agent)
            case .participantAdded(let other): participants.append(other)
            case .watcherRemoved(let agent) where !watchers.contains(agent):
                return "\(agent.name) did not watch"
            case .participantRemoved(let other) where !participants.contains(other):
                return "\(other.name) took no part"
            default: continue
            }
        }
        return before.sequence == after.sequence && before.noteSequence == after.noteSequence
            ? nil : "content went with it"
    }

    /// A request that is put to sleep knows when it wakes.
    static let sleep = EventInvariant("Sleep") { moment in
        guard let change = moment.statusChange, change.cause != .woken,
            moment.policy.status(change.to)?.waitingFor == .time
        else { return nil }
        return moment.requestAfter?.details.wakeAt == nil ? "it sleeps for ever" : nil
    }
}

extension PlayMoment {
    /// Whether what was split from a request takes the contact's next messages: where the request
    /// took them until then.
    fileprivate func isRouted(_ new: SupportRequest, splitFrom old: SupportRequest) -> Bool {
        let newest = before.conversation(old.conversation)?.newestRequest
        return old.details.isRouted && (newest == new.id || newest == old.id)
    }

    /// I14: what a split leaves is as it was before its contact began it anew, unless it moves only
    /// forward and has moved on, or has no agent for the status that it had.
    fileprivate func restProblem(of id: RequestID, after change: StatusChange) -> String? {
        guard let left = after.request(id), let rested = before.rests[id],
            let status = policy.status(rested.status)
        else { return "nobody began it anew" }
        guard change.to == rested.status else {
            let isForwardOnly = policy.rules(for: left.details.kind)?.isForwardOnly ?? false
            let lacksAgent = status.requiresAssignee && left.assignee == nil
            let lacksMoment = status.waitingFor == .time && rested.details.wakeAt == nil
            let staysOn = isForwardOnly && change.from == change.to
            return staysOn || lacksAgent || lacksMoment ? nil : "it rested in \(rested.status)"
        }
        let isSame =
            left.statusSince == rested.statusSince
            && left.details.wakeAt == rested.details.wakeAt
            && left.details.resolvedAt == rested.details.resolvedAt
            && left.details.closedAt == rested.details.closedAt
            && left.details.reopenings == rested.details.reopenings
            && left.sessionCount == rested.sessionCount
        return isSame ? nil : "it does not rest as before"
    }
}
