internal import DocketClient

// The parts of JSON lines. Names become lower_snake_case; what is nil is left out.

extension JSONLine {
    struct PartyFields: Encodable, Sendable {
        let kind: String
        let id: String?
        let name: String

        init(_ party: Party) {
            kind = party.kind.rawValue
            id = party.id.map { "\($0)" }
            name = party.name
        }
    }

    struct ReferenceFields: Encodable, Sendable {
        let id: String
        let number: UInt64
        let version: UInt64
    }

    struct TextFields: Encodable, Sendable {
        let id: String
        let sequence: UInt64
        let text: String
        let authoredAt: String?
        var attachments: [AttachmentFields]?
    }

    struct StatusFields: Encodable, Sendable {
        let from: String?
        let to: String
        let category: String
        let cause: String?
    }

    struct EventFields: Encodable, Sendable {
        let offset: UInt64
        let at: String
        let actor: PartyFields?
        let conversation: String?
        let request: ReferenceFields?
        var fact: String
        var message: TextFields?
        var note: TextFields?
        var status: StatusFields?
        var contact: PartyFields?
        var assignee: PartyFields?
        var channel: String?
        var readUpTo: UInt64?

        init(_ event: Event) {
            offset = event.offset
            at = LocalCalendar.rfc3339(event.at)
            actor = event.actor.map(PartyFields.init)
            conversation = event.conversationID.map { "\($0)" }
            request = event.request.map {
                ReferenceFields(id: "\($0.id)", number: $0.number, version: $0.version)
            }
            fact = "unknown"
            fill(with: event.fact)
        }

        private mutating func fill(with fact: Event.Fact) {
            switch fact {
            case .conversationOpened(let contact, let channel):
                self.fact = "conversation_opened"
                self.contact = contact.map(PartyFields.init)
                self.channel = channel
            case .requestOpened(let opening):
                self.fact = "request_opened"
                status = StatusFields(
                    from: nil,
                    to: opening.status,
                    category: opening.category.rawValue,
                    cause: nil
                )
                contact = opening.contact.map(PartyFields.init)
                channel = opening.channel
            case .messagePosted(let message):
                self.fact = "message_posted"
                self.message = TextFields(message)
            case .notePosted(let note):
                self.fact = "note_posted"
                self.note = TextFields(note)
            case .statusChanged(let change):
                self.fact = "status_changed"
                status = StatusFields(
                    from: change.from,
                    to: change.to,
                    category: change.category.rawValue,
                    cause: change.cause.rawValue
                )
            case .requestAssigned(let assignee):
                self.fact = "request_assigned"
                self.assignee = assignee.map(PartyFields.init)
            case .readMarked(let offset):
                self.fact = "read_marked"
                readUpTo = offset
            case .unknown: break
            }
        }
    }

    struct VerdictFields: Encodable, Sendable {
        let id: String
        let outcome: String
        var offset: UInt64?
        var sequence: UInt64?
        var requestNumber: UInt64?
        var acceptedAt: String?
        var reason: String?
        var message: String?

        init(_ id: MessageID, _ outcome: PostOutcome) {
            self.id = "\(id)"
            switch outcome {
            case .posted(let receipt):
                self.outcome = "posted"
                offset = receipt.offset
                sequence = receipt.sequence
                requestNumber = receipt.requestNumber
                acceptedAt = LocalCalendar.rfc3339(receipt.acceptedAt)
            case .refused(let refusal):
                self.outcome = "refused"
                reason = refusal.reason
                message = refusal.message
            }
        }

        init(_ id: MessageID, _ error: DocketClientError) {
            self.id = "\(id)"
            outcome = "unknown"
            reason = error.code.rawValue
            message = error.message
        }
    }

    struct RequestFields: Encodable, Sendable {
        let id: String
        let number: UInt64
        let conversation: String
        let channel: String
        let status: String
        let category: String
        let contact: PartyFields?
        let assignee: PartyFields?
        let version: UInt64
        let openedAt: String
        let changedAt: String
        let sequence: UInt64
        let summary: String

        init(_ request: SupportRequest) {
            id = "\(request.id)"
            number = request.number
            conversation = "\(request.conversationID)"
            channel = request.channel
            status = request.status
            category = request.category.rawValue
            contact = request.contact.map(PartyFields.init)
            assignee = request.assignee.map(PartyFields.init)
            version = request.version
            openedAt = LocalCalendar.rfc3339(request.openedAt)
            changedAt = LocalCalendar.rfc3339(request.changedAt)
            sequence = request.sequence
            summary = request.summary
        }
    }
}

extension JSONLine.TextFields {
    fileprivate init(_ message: Message) {
        self.init(
            id: "\(message.id)",
            sequence: message.sequence,
            text: message.text,
            authoredAt: message.authoredAt.map(LocalCalendar.rfc3339),
            attachments: message.attachments.isEmpty
                ? nil : message.attachments.map(JSONLine.AttachmentFields.init)
        )
    }

    fileprivate init(_ note: Note) {
        self.init(id: "\(note.id)", sequence: note.sequence, text: note.text, authoredAt: nil)
    }
}
