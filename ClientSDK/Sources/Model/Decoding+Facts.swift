internal import DocketMessages

// How the parts of facts become models.

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
    init(_ fact: Docket_V1_RequestOpened) {
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
        externalKey = fact.externalKey.nonEmpty
        statusNameForContact = fact.statusNameForContact.nonEmpty
        topicNameForContact = fact.topicNameForContact.nonEmpty
    }
}

extension Message {
    init?(_ fact: Docket_V1_MessagePosted) {
        guard let id = MessageID(bytes: fact.messageID) else { return nil }
        self.id = id
        sequence = fact.sequence
        text = fact.text
        authoredAt = Timestamp(nonZero: fact.authoredMilliseconds)
        attachments = fact.attachments.compactMap(Attachment.init)
    }
}

extension Note {
    init?(_ fact: Docket_V1_NotePosted) {
        guard let id = NoteID(bytes: fact.noteID) else { return nil }
        self.id = id
        sequence = fact.sequence
        text = fact.text
    }
}

extension StatusChange {
    init(_ fact: Docket_V1_StatusChanged) {
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
    init(_ change: Docket_V1_DetailsChanged.Change) {
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
    init?(_ moved: Docket_V1_MovedMessages) {
        guard let other = OtherRequest(moved.other) else { return nil }
        self.other = other
        messageIDs = moved.messageIds.compactMap { MessageID(bytes: $0) }
        firstSequence = moved.firstSequence
    }
}

extension AdministrativeChange {
    init(_ fact: Docket_V1_Administered) {
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
