internal import DocketClient
internal import DocketCommandLine

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
        var reason: String?
        var wakeAt: String?
        var nameForContact: String?
    }

    struct EventFields: Encodable, Sendable {
        let offset: UInt64
        let at: String
        let actor: PartyFields?
        let conversation: String?
        let request: ReferenceFields?
        let fact: String
        var message: TextFields?
        var note: TextFields?
        var status: StatusFields?
        var contact: PartyFields?
        var assignee: PartyFields?
        var channel: String?
        var readUpTo: UInt64?
        var receivedUpTo: UInt64?
        var way: String?
        var isInternal: Bool?
        var opening: OpeningFields?
        var from: PartyFields?
        var byAssignee: Bool?
        var title: BeforeAfterFields?
        var changes: [DetailFields]?
        var link: LinkFields?
        var moved: MovedFields?
        var other: OtherFields?
        var policy: PolicyFields?
        var administered: AdministeredFields?

        init(_ event: Event) {
            offset = event.offset
            at = LocalCalendar.rfc3339(event.at)
            actor = event.actor.map(PartyFields.init)
            conversation = event.conversationID.map { "\($0)" }
            request = event.request.map {
                ReferenceFields(id: "\($0.id)", number: $0.number, version: $0.version)
            }
            way = event.way == .unknown ? nil : event.way.rawValue
            isInternal = event.isInternal ? true : nil
            fact = event.fact.word
            fill(with: event.fact)
        }

        private mutating func fill(with fact: Event.Fact) {
            switch fact {
            case .conversationOpened(let contact, let channel):
                self.contact = contact.map(PartyFields.init)
                self.channel = channel
            case .requestOpened(let opening):
                status = StatusFields(
                    from: nil,
                    to: opening.status,
                    category: opening.category.rawValue,
                    cause: nil,
                    nameForContact: opening.statusNameForContact
                )
                contact = opening.contact.map(PartyFields.init)
                channel = opening.channel
                self.opening = OpeningFields(opening)
            case .messagePosted(let message): self.message = TextFields(message)
            case .notePosted(let note): self.note = TextFields(note)
            case .statusChanged(let change):
                status = StatusFields(
                    from: change.from,
                    to: change.to,
                    category: change.category.rawValue,
                    cause: change.cause.rawValue,
                    reason: change.reason,
                    wakeAt: change.wakeAt.map(LocalCalendar.rfc3339),
                    nameForContact: change.statusNameForContact
                )
            case .requestAssigned(let assignee, let from):
                self.assignee = assignee.map(PartyFields.init)
                self.from = from.map(PartyFields.init)
            case .readMarked(let offset): readUpTo = offset
            case .receivedMarked(let offset): receivedUpTo = offset
            case .requestViewed(let byAssignee): self.byAssignee = byAssignee
            case .titleChanged(let from, let to):
                title = BeforeAfterFields(from: from, to: to)
            case .detailsChanged(let changes): self.changes = changes.map(DetailFields.init)
            case .linked(let link), .unlinked(let link): self.link = LinkFields(link)
            case .messagesGiven(let moved), .messagesTaken(let moved):
                self.moved = MovedFields(moved)
            case .merged(let other, _), .mergeTaken(let other): self.other = OtherFields(other)
            case .policyApplied(let version, let name):
                policy = PolicyFields(version: version, name: name)
            case .administered(let change): administered = AdministeredFields(change)
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
        var behind: String?

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

        init(_ id: MessageID, _ outcome: String, _ refusal: Refusal? = nil) {
            self.id = "\(id)"
            self.outcome = outcome
            reason = refusal?.reason
            message = refusal?.message
        }

        init(_ id: MessageID, _ outcome: SendOutcome) {
            switch outcome {
            case .delivered(let receipt): self.init(id, PostOutcome.posted(receipt))
            case .refused(let refusal): self.init(id, "refused", refusal)
            case .failed(let refusal): self.init(id, "failed", refusal)
            case .expired: self.init(id, "expired")
            case .waiting(let obstacle):
                self.init(id, "blocked")
                behind = "\(obstacle)"
            case .discarded: self.init(id, "discarded")
            case .queued(let error):
                self.init(id, "queued")
                reason = error?.code.rawValue
                message = error?.message
            }
        }

        init(_ id: MessageID, _ error: DocketClientError) {
            self.id = "\(id)"
            outcome = "unknown"
            reason = error.code.rawValue
            message = error.message
        }
    }
}

extension JSONLine {
    struct HitFields: Encodable, Sendable {
        let offset: UInt64
        let kind: String
        let conversation: String
        let request: String
        let number: UInt64
        let sequence: UInt64
        let snippet: String
        let at: String
        let author: PartyFields
        let status: String
        let category: String
        let title: String
        let contact: PartyFields?

        init(_ found: FoundText) {
            offset = found.offset
            kind = found.kind.rawValue
            conversation = "\(found.conversationID)"
            request = "\(found.requestID)"
            number = found.requestNumber
            sequence = found.sequence
            snippet = found.snippet
            at = LocalCalendar.rfc3339(found.at)
            author = PartyFields(found.author)
            status = found.status
            category = found.category.rawValue
            title = found.title
            contact = found.contact.map(PartyFields.init)
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
