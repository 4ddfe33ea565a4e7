internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Loads the state that a command touches.
    func situation(
        for command: Command,
        by principal: Principal
    ) throws(Interruption) -> Situation {
        switch command {
        case .openConversation(let opening):
            return try situation(for: opening, by: principal)
        case .createRequest(let creation):
            return try situation(for: creation, by: principal)
        case .post(let post):
            if let request = post.request { return try situation(named: request) }
            guard let conversation = post.conversation else { return Situation() }
            return try read { transaction throws(StoreError) in
                try transaction.situation(of: conversation)
            }
        case .markRead(let mark): return try situation(markedIn: mark.conversation, principal)
        case .markReceived(let mark):
            return try situation(markedIn: mark.conversation, principal)
        case .splitNewMessages(let request):
            return try situation(withMessagesOf: request)
        case .splitMessages(let split):
            return try situation(withMessagesOf: split.request)
        case .merge(let merge): return try situation(for: merge)
        case .link(let link), .unlink(let link): return try situation(for: link)
        case .take(let request), .view(let request), .delete(let request),
            .restore(let request):
            return try situation(of: request)
        case .assign(let assign): return try situation(of: assign.request)
        case .postNote(let note): return try situation(of: note.request)
        case .setStatus(let setting): return try situation(of: setting.request)
        case .finish(let finish): return try situation(of: finish.request)
        case .edit(let edit): return try situation(of: edit.request)
        case .endInactiveSession(let ending): return try situation(of: ending.request)
        case .wake(let timer), .elapse(let timer): return try situation(of: timer.request)
        }
    }

    /// The same command; a message that answers others names the request of the first of them that
    /// its author may know to have been said in its conversation.
    func namingRequest(
        _ command: Command,
        by principal: Principal
    ) throws(Interruption) -> Command {
        guard case .post(let post) = command, post.request == nil,
            let conversation = post.conversation
        else { return command }
        for message in post.inReplyTo {
            let request = try read { transaction throws(StoreError) in
                try transaction.request(of: message, in: conversation).flatMap {
                    request throws(StoreError) in
                    try transaction.situation(ofRequest: request).request
                }
            }
            guard let request, principal.isStaff || !request.details.isInternal else { continue }
            return .post(post.continuing(request.id))
        }
        return command
    }

    /// Reads the store, for a caller whose errors say more.
    func read<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(Interruption) -> Result {
        do {
            return try body(transaction)
        } catch {
            throw .store(error)
        }
    }

    private func situation(of request: RequestID) throws(Interruption) -> Situation {
        try read { transaction throws(StoreError) in try transaction.situation(ofRequest: request) }
    }

    /// The request that a message names, and where it was merged, the one that has its content: to
    /// that a contact's message is passed on.
    private func situation(named request: RequestID) throws(Interruption) -> Situation {
        var situation = try situation(of: request)
        guard let survivor = situation.request?.details.mergedInto,
            let heir = try self.situation(of: survivor.id).request
        else { return situation }
        situation.others = [heir]
        return situation
    }

    /// A contact's conversation on a channel: the one named, or the author's own.
    private func situation(
        of contact: ContactID?,
        on channel: ChannelKey,
        _ principal: Principal
    ) throws(Interruption) -> Situation {
        guard let contact = contact ?? principal.id.map(ContactID.init) else { return Situation() }
        return try read { transaction throws(StoreError) in
            try transaction.situation(of: contact, on: channel)
        }
    }

    /// The contact's conversation on the channel.
    ///
    /// An id that a conversation has already, which the desk itself may have made, is never given
    /// to a second one.
    private func situation(
        for opening: OpenConversation,
        by principal: Principal
    ) throws(Interruption) -> Situation {
        let situation = try situation(of: opening.contact, on: opening.channel, principal)
        if let known = situation.conversation, !known.isInternal { return situation }
        let holder = try read { transaction throws(StoreError) in
            try transaction.situation(of: opening.id).conversation
        }
        guard holder == nil else { throw .keyReused }
        return situation
    }

    /// The contact's conversation on the channel, with the request that another is made from.
    ///
    /// An id that a request has already, which the desk itself may have made, is never given to a
    /// second one.
    private func situation(
        for creation: CreateRequest,
        by principal: Principal
    ) throws(Interruption) -> Situation {
        guard try self.situation(of: creation.id).request == nil else { throw .keyReused }
        var situation = try situation(of: creation.contact, on: creation.channel, principal)
        guard let id = creation.source, id != situation.request?.id,
            let source = try self.situation(of: id).request
        else { return situation }
        situation.others = [source]
        return situation
    }

    private func situation(
        markedIn conversation: ConversationID,
        _ principal: Principal
    ) throws(Interruption) -> Situation {
        try read { transaction throws(StoreError) in
            var situation = try transaction.situation(of: conversation)
            if let reader = principal.id,
                let mark = try transaction.readMark(of: reader, in: conversation)
            {
                situation.readUpTo = mark.upTo
                situation.receivedUpTo = mark.receivedUpTo
            }
            return situation
        }
    }

    private func situation(for link: LinkRequests) throws(Interruption) -> Situation {
        var situation = try situation(of: link.request)
        if link.other != link.request, let other = try self.situation(of: link.other).request {
            situation.others = [other]
            switch link.kind {
            case .parent: situation.ancestors = try ancestors(of: situation.request)
            case .child: situation.ancestors = try ancestors(of: other)
            case .related, .duplicate, .followUp, .followedUp, .splitFrom, .splitInto, .madeFrom,
                .origin:
                break
            }
        }
        return situation
    }

    /// The requests of which a request is a part, by however many steps; `nil` where there are more
    /// than are looked at.
    private func ancestors(
        of request: SupportRequest?
    ) throws(Interruption) -> Set<RequestID>? {
        var found: Set<RequestID> = []
        var waiting = request?.parents ?? []
        while let next = waiting.popLast() {
            guard found.insert(next).inserted else { continue }
            guard found.count <= RequestLimits.ancestors else { return nil }
            waiting += try situation(of: next).request?.parents ?? []
        }
        return found
    }

    /// Whether the contact of whom a command is, or for whom a program asks it, is blocked.
    func isContactBlocked(
        _ command: Command,
        in situation: Situation,
        by principal: Principal
    ) throws(Interruption) -> Bool {
        let named: ContactID?
        switch command {
        case .post: named = situation.conversation?.contact.id
        case .openConversation(let opening): named = opening.contact
        case .createRequest(let creation): named = creation.contact
        default: return false
        }
        guard !principal.isStaff, let contact = named ?? principal.id.map(ContactID.init) else {
            return false
        }
        return try isBlocked(contact)
    }

    /// Whether the company takes nothing from a contact.
    func isBlocked(_ contact: ContactID) throws(Interruption) -> Bool {
        try read { transaction throws(StoreError) in
            try transaction.isBlocked(contact)
        }
    }

    /// The two requests of a merge, with the messages of the newer, which go to the older.
    private func situation(for merge: MergeRequests) throws(Interruption) -> Situation {
        var situation = try situation(of: merge.request)
        guard let named = situation.request, let other = try other(of: merge, named) else {
            return situation
        }
        situation.others = [other]
        guard let (_, source) = situation.merging else { return situation }
        for earlier in source.details.sources {
            guard let merged = try self.situation(of: earlier.id).request else { continue }
            situation.others.append(merged)
        }
        situation.nextNewest = try read { transaction throws(StoreError) in
            try transaction.newestRequest(in: source.conversation, beside: source.id)
        }
        if named.conversation == other.conversation {
            situation.messages = try messages(of: source)
            try loadPlaces(of: situation.merging?.survivor, in: &situation)
        }
        return situation
    }

    /// Loads what of the survivor of a merge was said after the first message that it takes, and
    /// where it begins.
    private func loadPlaces(
        of survivor: SupportRequest?,
        in situation: inout Situation
    ) throws(Interruption) {
        guard let survivor, let first = situation.messages.first?.offset else { return }
        situation.laterMessages = try messages(of: survivor, after: first)
        situation.survivorBegins = try read { transaction throws(StoreError) in
            try transaction.firstMessageOffset(
                of: survivor,
                lookingAt: parts.limits.examinedForMove
            )
        }
    }

    private func other(
        of merge: MergeRequests,
        _ named: SupportRequest
    ) throws(Interruption) -> SupportRequest? {
        guard let id = merge.other else {
            return try read { transaction throws(StoreError) in
                try transaction.neighbours(of: named).previous
            }
        }
        return id == named.id ? nil : try situation(of: id).request
    }

    private func situation(
        withMessagesOf id: RequestID
    ) throws(Interruption) -> Situation {
        var situation = try situation(of: id)
        if let request = situation.request { situation.messages = try messages(of: request) }
        return situation
    }

    private func messages(
        of request: SupportRequest,
        after offset: UInt64 = 0
    ) throws(Interruption) -> [RequestMessage] {
        let limit = parts.limits.examinedForMove
        let found = try read { transaction throws(StoreError) in
            try transaction.messages(of: request, after: offset, lookingAt: limit)
        }
        guard let found else {
            throw .rejected(.tooMany(field: "entries", limit: UInt64(clamping: limit)))
        }
        return found.map(\.message)
    }

    // MARK: Circumstances

    /// What a command's outcome depends on beside the state it touches.
    func circumstances(
        of command: Command,
        _ submission: Submission,
        by principal: Principal,
        for newContact: Contact?,
        in situation: Situation
    ) throws(StoreError) -> Circumstances {
        var agent: Agent?
        var contact: Contact?
        var agents: [Agent] = []
        var contacts: [Contact] = []
        var attachments: [Attachment] = []
        var marked = MarkedEntries()
        var topic = situation.request?.details.topic
        switch command {
        case .markRead, .markReceived:
            marked = try entriesMarked(by: command, of: principal, in: situation)
        case .post(let post) where !post.attachments.isEmpty:
            attachments = try usableAttachments(
                post.attachments,
                in: post.conversation ?? situation.conversation?.id,
                by: principal
            )
        case .assign(let assign):
            agent = try assign.agent.map(PrincipalID.init).flatMap(record)?.activeAgent
        case .openConversation(let opening):
            contact = try nameableContact(opening.contact, by: principal)
        case .createRequest(let creation):
            contact = newContact
            if contact == nil {
                contact = try nameableContact(creation.contact, by: principal)
            }
            attachments = try usableAttachments(
                creation.attachments,
                in: situation.conversation(for: creation)?.id,
                by: principal
            )
        case .edit(let edit):
            (agents, contacts) = try people(in: edit.edits)
            // Who has it keeps it only as a member of its new topic.
            agent = situation.request?.assignee
            topic = edit.edits.newTopic ?? topic
        case .splitNewMessages, .splitMessages:
            // Who has it gets what is split off, as a member of that one's topic.
            agent = situation.request?.assignee
            topic = situation.request.flatMap { policy.channel($0.channel) }?.defaultTopic
        case .merge:
            // The agent of a live chat goes on with it in the survivor.
            agent = situation.merging?.source.assignee
            topic = situation.merging?.survivor.details.topic
        default: break
        }
        return Circumstances(
            principal: principal,
            expectedVersion: submission.expectedVersion,
            policy: policy,
            now: now,
            head: head,
            newRequestID: parts.random.nextID(at: now),
            newRequestNumber: try transaction.nextRequestNumber(),
            agent: agent,
            login: try login(of: agent?.id, or: principal, for: topic),
            contact: contact,
            agents: agents,
            contacts: contacts,
            attachments: attachments,
            attachmentLimits: policy.content.attachments,
            marked: marked
        )
    }

    /// The entries that a mark covers, beyond those that the principal had marked before.
    private func entriesMarked(
        by command: Command,
        of principal: Principal,
        in situation: Situation
    ) throws(StoreError) -> MarkedEntries {
        switch command {
        case .markRead(let mark):
            try entriesMarked(
                in: mark.conversation,
                upTo: mark.upTo,
                after: situation.readUpTo,
                by: principal
            )
        case .markReceived(let mark):
            try entriesMarked(
                in: mark.conversation,
                upTo: mark.upTo,
                after: situation.receivedUpTo,
                by: principal
            )
        default: MarkedEntries()
        }
    }

    private func record(_ id: PrincipalID) throws(StoreError) -> PrincipalRecord? {
        try transaction.principal(id)
    }

    /// The login of whoever is to have a request, where its topic is for members only.
    private func login(
        of agent: AgentID?,
        or principal: Principal,
        for topic: TopicKey?
    ) throws(StoreError) -> String? {
        guard let topic = topic.flatMap(policy.topic), topic.isForMembersOnly,
            let id = agent.map(PrincipalID.init) ?? principal.id
        else { return nil }
        return try record(id)?.login
    }

    /// The contact, where the author may name it: an agent any, everybody else those whom they
    /// brought.
    private func nameableContact(
        _ id: ContactID?,
        by principal: Principal
    ) throws(StoreError) -> Contact? {
        guard let id, let record = try record(PrincipalID(id)) else { return nil }
        if principal.agent != nil { return record.contact }
        guard case .external(let integration, _) = record.details, integration == principal.id
        else { return nil }
        return record.contact
    }

    /// The agents and contacts whom edits name.
    private func people(
        in edits: [Edit]
    ) throws(StoreError) -> (agents: [Agent], contacts: [Contact]) {
        var agents: [Agent] = []
        var contacts: [Contact] = []
        for edit in edits.prefix(RequestLimits.edits) {
            switch edit {
            case .addWatcher(let id):
                if let agent = try record(PrincipalID(id))?.activeAgent { agents.append(agent) }
            case .addParticipant(let id):
                if let contact = try record(PrincipalID(id))?.contact { contacts.append(contact) }
            default: continue
            }
        }
        return (agents, contacts)
    }
}

extension Situation {
    /// The conversation in which a request is to begin, where there is one: one that is the staff's
    /// alone serves only what is the staff's.
    fileprivate func conversation(for creation: CreateRequest) -> Conversation? {
        guard let conversation, creation.isInternal || !conversation.isInternal else { return nil }
        return conversation
    }
}

extension [Edit] {
    /// The topic that the edits leave, where they give one.
    fileprivate var newTopic: TopicKey? {
        var topic: TopicKey?
        for case .topic(let key) in self { topic = key }
        return topic
    }
}

extension SupportRequest {
    /// The requests of which it is a part.
    fileprivate var parents: [RequestID] {
        details.links.filter { $0.kind == .child }.map(\.other.id)
    }
}
