internal import DocketDomain
internal import DocketStore

/// What a command about conversations and requests has the domain decide, and what follows.
extension Step {
    /// A decision with the place of its first event.
    struct Decided {
        let decision: Decision
        /// The offset of the first event.
        let first: UInt64

        /// The offset of the last event; without events, that of the log's last entry.
        var last: UInt64 { first + UInt64(decision.events.count) - 1 }
    }

    /// Who is to have a request, and under which topic.
    struct Holder {
        /// The agent; `nil` for whoever asks.
        let agent: Agent?
        /// The topic, of which the holder has to be a member where it is for members only.
        let topic: TopicKey?
    }

    /// What a decision depends on beside the state that it touches.
    ///
    /// - Parameters:
    ///   - situation: That state.
    ///   - holder: Who is to have the request; `nil` for whoever asks, under the topic it has.
    ///   - contact: The contact whom the author names, where they may.
    ///   - agents: The agents whom edits name.
    ///   - contacts: The contacts whom edits name.
    ///   - attachments: The files that a message names and may have.
    ///   - marked: What a mark covers beyond an earlier one.
    /// - Returns: The circumstances.
    /// - Throws: What the workspace lacks.
    func circumstances(
        in situation: Situation,
        holder: Holder? = nil,
        contact: Contact? = nil,
        agents: [Agent] = [],
        contacts: [Contact] = [],
        attachments: [Attachment] = [],
        marked: MarkedEntries = MarkedEntries()
    ) throws(Interruption) -> Circumstances {
        let principal = try principal()
        let holder = holder ?? Holder(agent: nil, topic: situation.request?.details.topic)
        return Circumstances(
            principal: principal,
            expectedVersion: submission.expectedVersion,
            policy: policy,
            now: now,
            head: workspace.head,
            newRequestID: conditions.chance,
            newRequestNumber: workspace.nextRequestNumber,
            agent: holder.agent,
            login: try login(of: holder, or: principal),
            contact: contact,
            agents: agents,
            contacts: contacts,
            attachments: attachments,
            attachmentLimits: policy.content.attachments,
            marked: marked
        )
    }

    /// The login of whoever is to have a request, where its topic is for members only.
    private func login(
        of holder: Holder,
        or principal: Principal
    ) throws(Interruption) -> String? {
        guard let topic = holder.topic.flatMap(policy.topic), topic.isForMembersOnly,
            let id = (holder.agent?.id).map(PrincipalID.init) ?? principal.id
        else { return nil }
        return try workspace.find(PrincipalNeed(id))?.login
    }

    /// Has the domain decide a command, and notes what follows, with the contact for whom it is,
    /// who is made now.
    mutating func decide(
        _ command: Command,
        in before: Situation,
        under circumstances: Circumstances,
        for newContact: PrincipalRecord? = nil
    ) throws(Interruption) -> Decided {
        let decision: Decision
        do throws(Rejection) {
            decision = try DocketDomain.decide(command, in: before, under: circumstances)
        } catch {
            throw .rejected(error)
        }
        if let newContact { change(.principal(newContact)) }
        let first = nextOffset
        if !decision.events.isEmpty { try note(decision, from: before) }
        return Decided(decision: decision, first: first)
    }

    /// Notes what a decision has made true.
    private mutating func note(
        _ decision: Decision,
        from before: Situation
    ) throws(Interruption) {
        let after = decision.after
        let first = nextOffset
        if let conversation = after.conversation, conversation.id != before.conversation?.id {
            change(.openConversation(conversation, at: first))
        }
        for event in decision.events { append(event, in: after) }
        noteMark(after, over: before)
        let opening = first + UInt64(decision.events.firstIndex(where: \.opensRequest) ?? 0)
        if let request = after.request { try note(request, from: before, openedAt: opening) }
        for request in after.others { try note(request, from: before, openedAt: opening) }
        for event in decision.events { notePlaces(of: event, from: before) }
        if decision.usesChance { useChance() }
        noteNewest(after, over: before)
    }

    /// Notes an event with what its message needs.
    private mutating func append(_ event: Event, in situation: Situation) {
        let request = event.request.flatMap { situation.request($0.id) }
        let offset = append(
            event,
            concerning: Concern(
                contact: request?.contact.id ?? situation.conversation?.contact.id,
                channel: request?.channel ?? situation.conversation?.channel,
                partner: request?.partner
            )
        )
        guard case .message(let message) = event.fact.content else { return }
        if event.actor.kind == .desk {
            // Who reads the id of a message that the desk itself wrote could write under it.
            let record = CommandRecord(
                principal: nil,
                digest: .zero,
                answer: .created(offset: offset)
            )
            change(.record(record, of: CommandID(message.id)))
        }
        if !message.attachments.isEmpty {
            let ids = message.attachments.map(\.id)
            change(.attach(ids, to: message.id, isInternal: event.isInternal))
        }
    }

    private mutating func noteMark(_ after: Situation, over before: Situation) {
        guard after.readUpTo > before.readUpTo || after.receivedUpTo > before.receivedUpTo,
            let reader = submission.principal?.id, let conversation = after.conversation
        else { return }
        let mark = ReadMark(
            upTo: after.readUpTo,
            receivedUpTo: after.receivedUpTo,
            offset: nextOffset - 1
        )
        change(.mark(mark, of: reader, in: conversation.id))
    }

    private mutating func note(
        _ request: SupportRequest,
        from before: Situation,
        openedAt opening: UInt64
    ) throws(Interruption) {
        guard let earlier = before.request(request.id) else {
            change(.openRequest(request, at: opening))
            try setTimers(of: request, from: nil)
            return
        }
        guard request != earlier else { return }
        change(.changeRequest(request, from: earlier))
        try setTimers(of: request, from: earlier)
    }

    /// Notes where the messages stand that an event has moved.
    private mutating func notePlaces(of event: Event, from before: Situation) {
        guard case .places(let moved) = event.fact.content, let request = event.request else {
            return
        }
        let known = before.messages + before.laterMessages
        let offsets = Dictionary(known.map { ($0.id, $0.offset) }) { first, _ in first }
        for (index, id) in moved.messages.enumerated() {
            guard let offset = offsets[id] else {
                preconditionFailure("the domain moves no message but those that it was shown")
            }
            let place = MessagePlace(
                request: RequestReference(id: request.id, number: request.number),
                sequence: moved.firstSequence + UInt64(index)
            )
            change(.move(messageAt: offset, to: place))
        }
    }

    /// Notes which request of a conversation is the newest, where a merge has ended the one that
    /// was; a new request has made itself the newest.
    private mutating func noteNewest(_ after: Situation, over before: Situation) {
        guard let conversation = after.conversation, let earlier = before.conversation,
            conversation.newestRequest != earlier.newestRequest
        else { return }
        if let newest = conversation.newestRequest, before.request(newest) == nil,
            after.request(newest) != nil
        {
            return
        }
        change(.newest(conversation.newestRequest, of: conversation.id))
    }
}

// MARK: What several commands read

extension Step {
    /// A contact's conversation on a channel, with its newest request: that of the contact named,
    /// or the author's own.
    func situation(
        of contact: ContactID?,
        on channel: ChannelKey
    ) throws(Interruption) -> Situation {
        guard let contact = contact ?? submission.principal?.id.map(ContactID.init) else {
            return Situation()
        }
        return try workspace.find(ContactConversationNeed(contact: contact, channel: channel))
    }

    /// Whether the contact for whom a command is, or else who asks it, is blocked; the staff's
    /// commands are not looked at.
    func isBlocked(_ contact: ContactID?) throws(Interruption) -> Bool {
        guard let principal = submission.principal, !principal.isStaff,
            let contact = contact ?? principal.id.map(ContactID.init)
        else { return false }
        return try workspace.find(BlockNeed(contact))
    }

    /// The contact, where the author may name it: an agent any, everybody else those whom they
    /// brought.
    func nameableContact(_ id: ContactID?) throws(Interruption) -> Contact? {
        guard let id, let record = try workspace.find(PrincipalNeed(PrincipalID(id))) else {
            return nil
        }
        if submission.principal?.agent != nil { return record.contact }
        guard case .external(let integration, _) = record.details,
            integration == submission.principal?.id
        else { return nil }
        return record.contact
    }

    /// The files that a message names and may have.
    ///
    /// A message that names more files than it may is refused whatever they are, so that no more of
    /// them are looked up.
    func usableAttachments(
        _ ids: [AttachmentID],
        in conversation: ConversationID?
    ) throws(Interruption) -> [Attachment] {
        var usable: [Attachment] = []
        for id in ids.prefix(policy.content.attachments.filesInMessage) {
            guard let record = try workspace.find(AttachmentNeed(id: id)), record.message == nil,
                record.conversation == conversation,
                record.uploader == submission.principal?.id
            else { continue }
            usable.append(record.attachment)
        }
        return usable
    }

    /// The messages of a request that were said after an offset.
    func messages(
        of request: SupportRequest,
        after offset: UInt64 = 0
    ) throws(Interruption) -> [RequestMessage] {
        let limit = conditions.limits.examinedForMove
        let need = MessagesNeed(request: request.id, after: offset, limit: limit)
        guard let found = try workspace.find(need) else {
            throw .rejected(.tooMany(field: "entries", limit: UInt64(clamping: limit)))
        }
        return found
    }
}

extension Event {
    /// Whether a request begins with it.
    fileprivate var opensRequest: Bool {
        if case .requestOpened = fact { true } else { false }
    }
}
