internal import DocketMessages

// How the facts of events become models.

extension Event.Fact {
    init(_ fact: Docket_V1_Event.OneOf_Fact?) {
        self =
            switch fact {
            case .conversationOpened(let fact):
                .conversationOpened(
                    contact: fact.hasContact ? Party(fact.contact) : nil,
                    channel: fact.channel
                )
            case .requestOpened(let fact): .requestOpened(RequestOpening(fact))
            case .messagePosted(let fact): Message(fact).map(Self.messagePosted) ?? .unknown
            case .notePosted(let fact): Note(fact).map(Self.notePosted) ?? .unknown
            case .statusChanged(let fact): .statusChanged(StatusChange(fact))
            case .requestAssigned(let fact):
                .requestAssigned(
                    fact.hasAssignee ? Party(fact.assignee) : nil,
                    from: fact.hasFrom ? Party(fact.from) : nil
                )
            case .readMarked(let fact): .readMarked(upTo: fact.upToOffset)
            case .receivedMarked(let fact): .receivedMarked(upTo: fact.upToOffset)
            case .requestViewed(let fact): .requestViewed(byAssignee: fact.byAssignee)
            case .titleChanged(let fact):
                .titleChanged(
                    from: fact.hasFrom ? fact.from : nil,
                    to: fact.hasTo ? fact.to : nil
                )
            case .detailsChanged(let fact): .detailsChanged(fact.changes.map(DetailChange.init))
            case .linked(let fact): RequestLink(fact).map(Self.linked) ?? .unknown
            case .unlinked(let fact): RequestLink(fact).map(Self.unlinked) ?? .unknown
            case .messagesGiven(let fact):
                MovedMessages(fact).map(Self.messagesGiven) ?? .unknown
            case .messagesTaken(let fact):
                MovedMessages(fact).map(Self.messagesTaken) ?? .unknown
            case .merged(let fact): .init(merged: fact)
            case .mergeTaken(let fact): OtherRequest(fact).map(Self.mergeTaken) ?? .unknown
            case .policyApplied(let fact):
                .policyApplied(version: fact.version, name: fact.name)
            case .administered(let fact): .administered(AdministrativeChange(fact))
            case .typingStarted, nil: .unknown
            }
    }

    private init(merged fact: Docket_V1_Merged) {
        let newest = RequestID(bytes: fact.newestRequestID)
        self = OtherRequest(fact.into).map { .merged(into: $0, newest: newest) } ?? .unknown
    }
}

extension Event.Way {
    init(_ way: Docket_V1_Way) {
        self =
            switch way {
            case .call: .call
            case .channel: .channel
            case .partner: .partner
            case .timer: .timer
            case .rule: .rule
            case .UNRECOGNIZED: .unknown
            }
    }
}

extension RequestOpening {
    fileprivate init(_ fact: Docket_V1_RequestOpened) {
        status = fact.status
        category = StatusCategory(fact.category)
        previous = RequestID(bytes: fact.previousRequestID)
        contact = fact.hasContact ? Party(fact.contact) : nil
        channel = fact.channel
        // Entries from before there were several kinds and ways say neither.
        kind = fact.kind == .unspecified ? .chat : RequestKind(fact.kind)
        origin = fact.origin == .unspecified ? .line : RequestOrigin(fact.origin)
        isAside = fact.isAside
        title = fact.title.nonEmpty
        topic = fact.topic.nonEmpty
        type = fact.type.nonEmpty
        priority = fact.priority.nonEmpty
        statusNameForContact = fact.statusNameForContact.nonEmpty
        topicNameForContact = fact.topicNameForContact.nonEmpty
    }
}

extension Message {
    fileprivate init?(_ fact: Docket_V1_MessagePosted) {
        guard let id = MessageID(bytes: fact.messageID) else { return nil }
        self.id = id
        sequence = fact.sequence
        text = fact.text
        authoredAt = Timestamp(nonZero: fact.authoredMilliseconds)
        attachments = fact.attachments.compactMap(Attachment.init)
    }
}

extension Note {
    fileprivate init?(_ fact: Docket_V1_NotePosted) {
        guard let id = NoteID(bytes: fact.noteID) else { return nil }
        self.id = id
        sequence = fact.sequence
        text = fact.text
    }
}

extension StatusChange {
    fileprivate init(_ fact: Docket_V1_StatusChanged) {
        from = fact.from
        to = fact.to
        category = StatusCategory(fact.category)
        cause = Cause(fact.cause)
        reason = fact.reason.nonEmpty
        wakeAt = Timestamp(nonZero: fact.wakeMilliseconds)
        statusNameForContact = fact.statusNameForContact.nonEmpty
    }
}

extension StatusChange.Cause {
    fileprivate init(_ cause: Docket_V1_StatusCause) {
        self =
            switch cause {
            case .causeAssigned: .assigned
            case .causeAnswered: .answered
            case .causeFinished: .finished
            case .causeContactReplied: .contactReplied
            case .causeTimer: .timer
            case .causeSet: .set
            case .causeViewed: .viewed
            case .causeCreated: .created
            case .causeWoken: .woken
            case .causeElapsed: .elapsed
            case .causeMerged: .merged
            case .causeSplit: .split
            case .causeDeleted: .deleted
            case .causeRestored: .restored
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}

extension DetailChange {
    fileprivate init(_ change: Docket_V1_DetailsChanged.Change) {
        self =
            switch change.change {
            case .topic(let key):
                .topic(
                    from: key.from.nonEmpty,
                    to: key.to.nonEmpty,
                    nameForContact: key.nameForContact.nonEmpty
                )
            case .type(let key): .type(from: key.from.nonEmpty, to: key.to.nonEmpty)
            case .priority(let key): .priority(from: key.from.nonEmpty, to: key.to.nonEmpty)
            case .field(let field):
                .field(
                    field.key,
                    from: field.hasFrom ? FieldValue(field.from) : nil,
                    to: field.hasTo ? FieldValue(field.to) : nil
                )
            case .tagAdded(let tag): .tagAdded(tag)
            case .tagRemoved(let tag): .tagRemoved(tag)
            case .watcherAdded(let party): .watcherAdded(Party(party))
            case .watcherRemoved(let party): .watcherRemoved(Party(party))
            case .participantAdded(let party): .participantAdded(Party(party))
            case .participantRemoved(let party): .participantRemoved(Party(party))
            case nil: .unknown
            }
    }
}

extension MovedMessages {
    fileprivate init?(_ moved: Docket_V1_MovedMessages) {
        guard let other = OtherRequest(moved.other) else { return nil }
        self.other = other
        messageIDs = moved.messageIds.compactMap { MessageID(bytes: $0) }
        firstSequence = moved.firstSequence
    }
}

extension AdministrativeChange {
    fileprivate init(_ fact: Docket_V1_Administered) {
        subject = Subject(fact.subject)
        subjectID = PartyID(bytes: fact.subjectID)
        name = fact.subjectName
        action = Action(fact.action)
        fields = fact.fields.map { Field(name: $0.field, before: $0.before, after: $0.after) }
    }
}

extension AdministrativeChange.Subject {
    fileprivate init(_ subject: Docket_V1_AdministeredSubject) {
        self =
            switch subject {
            case .subjectContact: .contact
            case .subjectAgent: .agent
            case .subjectIntegration: .integration
            case .subjectPartner: .partner
            case .subjectCompany: .company
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}

extension AdministrativeChange.Action {
    fileprivate init(_ action: Docket_V1_AdministeredAction) {
        self =
            switch action {
            case .actionCreated: .created
            case .actionChanged: .changed
            case .actionRemoved: .removed
            case .actionKeysRevoked: .keysRevoked
            case .actionSessionsEnded: .sessionsEnded
            case .actionLocked: .locked
            case .actionUnlocked: .unlocked
            case .actionPasswordSet: .passwordSet
            case .actionKeyAdded: .keyAdded
            case .actionSignedOut: .signedOut
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}
