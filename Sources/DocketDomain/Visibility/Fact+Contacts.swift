// Who sees what of a fact: its audience, what contacts see of it, and what they call what it tells.

extension ContactView where Value == Event {
    /// The event as contacts may see it; `nil` where they see nothing of it.
    ///
    /// What they could not see when it happened stays hidden, and so does what the rules in force
    /// hide now.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - policy: The rules in force.
    package init?(_ event: Event, under policy: Policy) {
        guard event.audience == .conversation, let fact = event.fact.seenByContact(under: policy)
        else { return nil }
        self.init(
            allowed: Event(
                at: event.at,
                actor: event.actor,
                conversation: event.conversation,
                request: event.request?.seenByContact,
                way: event.way,
                contactNames: ContactNames(
                    status: event.contactNames.status,
                    topic: event.contactNames.topic
                ),
                fact: fact
            )
        )
    }
}

extension RequestMark {
    /// The mark with the version that contacts count.
    fileprivate var seenByContact: RequestMark {
        RequestMark(id: id, number: number, version: versionForContact)
    }
}

extension Fact {
    /// Who may see the event, where it belongs to nothing that is the staff's alone.
    package var audience: Audience {
        switch self {
        case .notePosted, .requestViewed, .linked, .unlinked, .policyApplied: .staff
        case .administered(let change): change.audience
        case .conversationOpened, .requestOpened, .messagePosted, .statusChanged,
            .requestAssigned, .titleChanged, .messagesGiven, .messagesTaken, .merged, .mergeTaken:
            .conversation
        case .readMarked(_, let shown), .receivedMarked(_, let shown):
            shown == nil ? .staff : .conversation
        case .detailsChanged(let changes):
            changes.contains { $0.audience == .conversation } ? .conversation : .staff
        }
    }

    fileprivate func seenByContact(under policy: Policy) -> Fact? {
        switch self {
        case .conversationOpened(let contact, let channel):
            .conversationOpened(contact: contact, channel: channel)
        case .requestOpened(let opened): .requestOpened(opened.seenByContact)
        case .messagePosted(let message): .messagePosted(message.seenByContact)
        case .statusChanged(let change): .statusChanged(change.seenByContact)
        case .requestAssigned(let agent, let former): .requestAssigned(agent, from: former)
        case .readMarked(_, let shown): shown.map { .readMarked(upTo: $0, forContact: nil) }
        case .receivedMarked(_, let shown):
            shown.map { .receivedMarked(upTo: $0, forContact: nil) }
        case .titleChanged(let before, let after): .titleChanged(from: before, to: after)
        case .detailsChanged(let changes): .seenByContact(changes, under: policy)
        case .messagesGiven(let moved): .messagesGiven(moved.seenByContact)
        case .messagesTaken(let moved): .messagesTaken(moved.seenByContact)
        case .merged(let survivor, let newest): .merged(into: survivor, newest: newest)
        case .mergeTaken(let source): .mergeTaken(from: source)
        case .notePosted, .requestViewed, .linked, .unlinked, .policyApplied, .administered: nil
        }
    }

    private static func seenByContact(_ changes: [DetailChange], under policy: Policy) -> Fact? {
        let shown = changes.compactMap { $0.seenByContact(under: policy) }
        return shown.isEmpty ? nil : .detailsChanged(shown)
    }
}

extension ContactNames {
    /// What contacts call what a fact tells, by the rules under which it came about.
    init(in fact: Fact, under policy: Policy) {
        switch fact {
        case .requestOpened(let opened):
            status = policy.name(ofStatus: opened.status, for: .conversation)
            topic = opened.topic.map { policy.name(ofTopic: $0, for: .conversation) }
        case .statusChanged(let change):
            status = policy.name(ofStatus: change.to, for: .conversation)
            topic = nil
        case .detailsChanged(let changes):
            status = nil
            var name: String?
            for case .topic(_, let key) in changes {
                name = key.map { policy.name(ofTopic: $0, for: .conversation) }
            }
            topic = name
        case .conversationOpened, .messagePosted, .notePosted, .requestAssigned, .readMarked,
            .receivedMarked, .requestViewed, .titleChanged, .linked, .unlinked, .messagesGiven,
            .messagesTaken, .merged, .mergeTaken, .policyApplied, .administered:
            status = nil
            topic = nil
        }
    }
}

extension DetailChange {
    /// Who may see the change.
    package var audience: Audience {
        switch self {
        case .topic, .type, .priority: .conversation
        case .field(_, _, _, let isShown): isShown ? .conversation : .staff
        case .tagAdded, .tagRemoved, .watcherAdded, .watcherRemoved, .participantAdded,
            .participantRemoved:
            .staff
        }
    }

    fileprivate func seenByContact(under policy: Policy) -> DetailChange? {
        switch self {
        case .topic(let before, let after): return .topic(from: before, to: after)
        case .type(let before, let after): return .type(from: before, to: after)
        case .priority(let before, let after): return .priority(from: before, to: after)
        case .field(let key, let before, let after, let isShown):
            guard isShown, policy.showsContact(field: key) else { return nil }
            return .field(key, from: before, to: after, isShown: false)
        case .tagAdded, .tagRemoved, .watcherAdded, .watcherRemoved, .participantAdded,
            .participantRemoved:
            return nil
        }
    }
}

extension OpenedRequest {
    fileprivate var seenByContact: OpenedRequest {
        OpenedRequest(
            status: status,
            category: category,
            previous: previous,
            contact: contact,
            channel: channel,
            kind: kind,
            origin: origin,
            isRouted: isRouted,
            title: title,
            topic: topic,
            type: type,
            priority: priority,
            externalKey: externalKey
        )
    }
}

extension Message {
    fileprivate var seenByContact: Message {
        Message(
            id: id,
            sequence: sequence,
            text: text,
            authoredAt: authoredAt,
            attachments: attachments.map(\.seenByContact),
            isQuiet: isQuiet
        )
    }
}

extension Attachment {
    fileprivate var seenByContact: Attachment {
        Attachment(id: id, name: name, mediaType: mediaType, size: size, sha256: sha256)
    }
}

extension StatusChange {
    fileprivate var seenByContact: StatusChange {
        StatusChange(
            from: from,
            to: to,
            category: category,
            cause: cause,
            reason: reason,
            wakeAt: wakeAt
        )
    }
}

extension MovedMessages {
    fileprivate var seenByContact: MovedMessages {
        MovedMessages(
            other: other,
            messages: messages,
            firstSequence: firstSequence,
            description: description,
            remaining: remaining,
            liveAuthor: liveAuthor,
            firstRepliedAt: firstRepliedAt,
            beginsRequest: beginsRequest
        )
    }
}
