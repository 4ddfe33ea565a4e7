internal import DocketDomain
internal import DocketMessages
internal import Foundation

extension Fact {
    /// The fact as a message of the protocol, with what contacts called what it tells.
    func message(named names: ContactNames) -> Docket_V1_Event.OneOf_Fact {
        switch self {
        case .conversationOpened(let contact, let channel):
            var opened = Docket_V1_ConversationOpened()
            opened.contact = Docket_V1_Actor(contact.party)
            opened.channel = channel
            return .conversationOpened(opened)
        case .requestOpened(let opened): return .requestOpened(opened.message(named: names))
        case .messagePosted(let message): return .messagePosted(message.message)
        case .notePosted(let note): return .notePosted(note.message)
        case .statusChanged(let change): return .statusChanged(change.message(named: names))
        case .requestAssigned(let agent, let former):
            var assigned = Docket_V1_RequestAssigned()
            if let agent { assigned.assignee = Docket_V1_Actor(agent.party) }
            if let former { assigned.from = Docket_V1_Actor(former.party) }
            return .requestAssigned(assigned)
        case .readMarked(let offset, let shown):
            var marked = Docket_V1_ReadMarked()
            marked.upToOffset = offset
            marked.upToOffsetForContact = shown ?? 0
            return .readMarked(marked)
        case .receivedMarked(let offset, let shown):
            var marked = Docket_V1_ReceivedMarked()
            marked.upToOffset = offset
            marked.upToOffsetForContact = shown ?? 0
            return .receivedMarked(marked)
        case .requestViewed(let byAssignee):
            var viewed = Docket_V1_RequestViewed()
            viewed.byAssignee = byAssignee
            return .requestViewed(viewed)
        case .titleChanged(let before, let after):
            var changed = Docket_V1_TitleChanged()
            if let before { changed.from = before }
            if let after { changed.to = after }
            return .titleChanged(changed)
        case .detailsChanged(let changes):
            var changed = Docket_V1_DetailsChanged()
            changed.changes = changes.map(\.message)
            changed.lastTopic?.nameForContact = names.topic ?? ""
            return .detailsChanged(changed)
        case .linked(let link): return .linked(Docket_V1_Link(link))
        case .unlinked(let link): return .unlinked(Docket_V1_Link(link))
        case .messagesGiven(let moved): return .messagesGiven(moved.message)
        case .messagesTaken(let moved): return .messagesTaken(moved.message)
        case .merged(let survivor, let newest):
            var merged = Docket_V1_Merged()
            merged.into = Docket_V1_RequestReference(survivor)
            if let newest { merged.newestRequestID = newest.data }
            return .merged(merged)
        case .mergeTaken(let source): return .mergeTaken(Docket_V1_RequestReference(source))
        case .policyApplied(let version, let name):
            var applied = Docket_V1_PolicyApplied()
            applied.version = version
            applied.name = name
            return .policyApplied(applied)
        case .administered(let change): return .administered(change.message)
        }
    }

    /// Takes the fact from a message, and what contacts called what it tells; `nil` where it is
    /// none that this version wrote.
    ///
    /// Every kind of fact is here, and what is not kept in the log, so that a new one cannot be
    /// forgotten.
    init?(message: Docket_V1_Event.OneOf_Fact, names: inout ContactNames) {
        let fact: Fact? =
            switch message {
            case .conversationOpened(let opened):
                opened.contact.contact.map {
                    .conversationOpened(contact: $0, channel: opened.channel)
                }
            case .requestOpened(let opened):
                OpenedRequest(message: opened, names: &names).map { .requestOpened($0) }
            case .messagePosted(let posted):
                DocketDomain.Message(message: posted).map { .messagePosted($0) }
            case .notePosted(let posted): Note(message: posted).map { .notePosted($0) }
            case .statusChanged(let changed):
                StatusChange(message: changed, names: &names).map { .statusChanged($0) }
            case .requestAssigned(let assigned): Self.assigned(assigned)
            case .readMarked(let marked):
                .readMarked(
                    upTo: marked.upToOffset,
                    forContact: marked.upToOffsetForContact.nonzero
                )
            case .receivedMarked(let marked):
                .receivedMarked(
                    upTo: marked.upToOffset,
                    forContact: marked.upToOffsetForContact.nonzero
                )
            case .requestViewed(let viewed): .requestViewed(byAssignee: viewed.byAssignee)
            case .titleChanged(let changed):
                .titleChanged(
                    from: changed.hasFrom ? changed.from : nil,
                    to: changed.hasTo ? changed.to : nil
                )
            case .detailsChanged(let changed):
                Self.details(changed, names: &names)
            case .linked(let link): Link(message: link).map { .linked($0) }
            case .unlinked(let link): Link(message: link).map { .unlinked($0) }
            case .messagesGiven(let moved):
                MovedMessages(message: moved).map { .messagesGiven($0) }
            case .messagesTaken(let moved):
                MovedMessages(message: moved).map { .messagesTaken($0) }
            case .merged(let merged): Self.merged(merged)
            case .mergeTaken(let source):
                RequestReference(message: source).map { .mergeTaken(from: $0) }
            case .policyApplied(let applied):
                .policyApplied(version: applied.version, name: applied.name)
            case .administered(let administered):
                AdministrativeChange(message: administered).map { .administered($0) }
            case .typingStarted: nil
            }
        guard let fact else { return nil }
        self = fact
    }

    private static func details(
        _ changed: Docket_V1_DetailsChanged,
        names: inout ContactNames
    ) -> Fact? {
        names = ContactNames(topic: changed.lastTopic?.nameForContact.nonempty)
        return changed.changes.mappedWhole(DetailChange.init(message:)).map { .detailsChanged($0) }
    }

    private static func merged(_ merged: Docket_V1_Merged) -> Fact? {
        RequestReference(message: merged.into).map {
            .merged(into: $0, newest: RequestID(bytes: merged.newestRequestID))
        }
    }

    private static func assigned(_ assigned: Docket_V1_RequestAssigned) -> Fact? {
        let agent = assigned.hasAssignee ? assigned.assignee.agent : nil
        let former = assigned.hasFrom ? assigned.from.agent : nil
        guard assigned.hasAssignee == (agent != nil), assigned.hasFrom == (former != nil) else {
            return nil
        }
        return .requestAssigned(agent, from: former)
    }
}

extension Array {
    /// The elements made into others; `nil` where one cannot be.
    func mappedWhole<Other>(_ make: (Element) -> Other?) -> [Other]? {
        let made = compactMap(make)
        return made.count == count ? made : nil
    }
}

extension Dictionary {
    /// The values made into others; `nil` where one cannot be.
    func mappedWhole<Other>(_ make: (Value) -> Other?) -> [Key: Other]? {
        let made = compactMapValues(make)
        return made.count == count ? made : nil
    }
}

extension Docket_V1_Actor {
    /// The contact, where the party is one.
    var contact: Contact? {
        guard kind == .principalContact else { return nil }
        return ContactID(bytes: id).map { Contact(id: $0, name: name) }
    }

    /// The agent, where the party is one.
    var agent: Agent? {
        guard kind == .principalAgent else { return nil }
        return AgentID(bytes: id).map { Agent(id: $0, name: name) }
    }
}

extension OpenedRequest {
    fileprivate func message(named names: ContactNames) -> Docket_V1_RequestOpened {
        var message = Docket_V1_RequestOpened()
        message.status = status
        message.category = Docket_V1_StatusCategory(category)
        if let previous { message.previousRequestID = previous.data }
        message.contact = Docket_V1_Actor(contact.party)
        message.channel = channel
        message.kind = Docket_V1_RequestKind(kind)
        message.origin = Docket_V1_Origin(origin)
        message.isAside = !isRouted
        message.title = title ?? ""
        message.topic = topic ?? ""
        message.type = type ?? ""
        message.priority = priority ?? ""
        message.externalKey = externalKey ?? ""
        message.statusNameForContact = names.status ?? ""
        message.topicNameForContact = names.topic ?? ""
        return message
    }

    /// Entries older than the kinds name none: those are chats that a message opened.
    fileprivate init?(message: Docket_V1_RequestOpened, names: inout ContactNames) {
        guard let category = message.category.domain, let contact = message.contact.contact,
            let kind = message.kind == .unspecified ? .chat : message.kind.domain,
            let origin = message.origin == .unspecified ? .line : message.origin.domain
        else { return nil }
        names = ContactNames(
            status: message.statusNameForContact.nonempty,
            topic: message.topicNameForContact.nonempty
        )
        self.init(
            status: message.status,
            category: category,
            previous: RequestID(bytes: message.previousRequestID),
            contact: contact,
            channel: message.channel,
            kind: kind,
            origin: origin,
            isRouted: !message.isAside,
            title: message.title.nonempty,
            topic: message.topic.nonempty,
            type: message.type.nonempty,
            priority: message.priority.nonempty,
            externalKey: message.externalKey.nonempty
        )
    }
}

extension UInt64 {
    /// The number, where it is not the one that stands for none.
    var nonzero: UInt64? { self > 0 ? self : nil }
}

extension String {
    /// The text, where it says something.
    var nonempty: String? { isEmpty ? nil : self }
}

extension DocketDomain.Message {
    fileprivate var message: Docket_V1_MessagePosted {
        var message = Docket_V1_MessagePosted()
        message.messageID = id.data
        message.sequence = sequence
        message.text = text
        message.authoredMilliseconds = authoredAt?.milliseconds ?? 0
        if !attachments.isEmpty { message.attachments = attachments.map(\.message) }
        message.isQuiet = isQuiet
        return message
    }

    fileprivate init?(message: Docket_V1_MessagePosted) {
        guard let id = MessageID(bytes: message.messageID),
            let attachments = message.attachments.mappedWhole(Attachment.init(message:))
        else { return nil }
        self.init(
            id: id,
            sequence: message.sequence,
            text: message.text,
            authoredAt: Timestamp(given: message.authoredMilliseconds),
            attachments: attachments,
            isQuiet: message.isQuiet
        )
    }
}

extension Timestamp {
    /// A moment, where a field gives one: 0 stands for none.
    init?(given milliseconds: UInt64) {
        guard milliseconds > 0 else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

extension Note {
    fileprivate var message: Docket_V1_NotePosted {
        var message = Docket_V1_NotePosted()
        message.noteID = id.data
        message.sequence = sequence
        message.text = text
        return message
    }

    fileprivate init?(message: Docket_V1_NotePosted) {
        guard let id = NoteID(bytes: message.noteID) else { return nil }
        self.init(id: id, sequence: message.sequence, text: message.text)
    }
}

extension StatusChange {
    fileprivate func message(named names: ContactNames) -> Docket_V1_StatusChanged {
        var message = Docket_V1_StatusChanged()
        message.from = from
        message.to = to
        message.category = Docket_V1_StatusCategory(category)
        message.cause = Docket_V1_StatusCause(cause)
        message.reason = reason ?? ""
        message.wakeMilliseconds = wakeAt?.milliseconds ?? 0
        message.statusNameForContact = names.status ?? ""
        return message
    }

    fileprivate init?(message: Docket_V1_StatusChanged, names: inout ContactNames) {
        guard let category = message.category.domain, let cause = message.cause.domain
        else { return nil }
        names = ContactNames(status: message.statusNameForContact.nonempty)
        self.init(
            from: message.from,
            to: message.to,
            category: category,
            cause: cause,
            reason: message.reason.nonempty,
            wakeAt: Timestamp(given: message.wakeMilliseconds)
        )
    }
}

extension Docket_V1_DetailsChanged {
    /// The change that says which topic the request has from now on, where one does.
    fileprivate var lastTopic: Key? {
        get { changes.last { $0.change?.isTopic ?? false }?.topic }
        set {
            guard let place = changes.lastIndex(where: { $0.change?.isTopic ?? false }),
                let newValue
            else { return }
            changes[place].topic = newValue
        }
    }
}

extension Docket_V1_DetailsChanged.Change.OneOf_Change {
    fileprivate var isTopic: Bool {
        if case .topic = self { true } else { false }
    }
}

extension MovedMessages {
    fileprivate var message: Docket_V1_MovedMessages {
        var message = Docket_V1_MovedMessages()
        message.other = Docket_V1_RequestReference(other)
        message.messageIds = messages.map(\.data)
        message.firstSequence = firstSequence
        message.description_p = description
        if let remaining { message.remaining = remaining }
        message.firstRepliedMilliseconds = firstRepliedAt?.milliseconds ?? 0
        message.beginsRequest = beginsRequest
        message.splitFromSequence = splitFrom ?? 0
        if let liveAuthor { message.liveAuthor = Docket_V1_PrincipalKind(liveAuthor) }
        if let turn {
            message.lastAuthor = Docket_V1_PrincipalKind(turn.lastAuthor)
            message.waitingSinceMilliseconds = turn.waitingSince?.milliseconds ?? 0
        }
        return message
    }

    fileprivate init?(message: Docket_V1_MovedMessages) {
        guard let other = RequestReference(message: message.other),
            let messages = message.messageIds.mappedWhole({ MessageID(bytes: $0) })
        else { return nil }
        self.init(
            other: other,
            messages: messages,
            firstSequence: message.firstSequence,
            description: message.description_p,
            remaining: message.hasRemaining ? message.remaining : nil,
            liveAuthor: message.liveAuthor.author,
            turn: Turn(message.lastAuthor, waitingSince: message.waitingSinceMilliseconds),
            firstRepliedAt: Timestamp(given: message.firstRepliedMilliseconds),
            beginsRequest: message.beginsRequest,
            splitFrom: message.splitFromSequence > 0 ? message.splitFromSequence : nil
        )
    }
}
