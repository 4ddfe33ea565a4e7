internal import DocketClient
internal import DocketCommandLine

// The parts of the lines of a relay.

extension JSONLine {
    /// A contact as the other system knows it.
    struct ExternalContactFields: Encodable, Sendable {
        let id: String
        let name: String

        init(_ contact: ExternalContact) {
            id = contact.id
            name = contact.name
        }
    }

    struct DeliveryFields: Encodable, Sendable {
        let id: String
        let attempt: Int
        let externalID: String?
        let conversation: String
        let request: ReferenceFields
        let contact: ExternalContactFields
        let author: PartyFields?
        let at: String
        let text: String
        let attachments: [AttachmentFields]?
        let answers: String?

        init(_ delivery: Delivery, answering answered: MessageID?) {
            id = "\(delivery.message.id)"
            attempt = delivery.attempt
            externalID = delivery.externalID
            conversation = "\(delivery.conversationID)"
            request = ReferenceFields(
                id: "\(delivery.request.id)",
                number: delivery.request.number,
                version: delivery.request.version
            )
            contact = ExternalContactFields(delivery.to)
            author = delivery.author.map(PartyFields.init)
            at = LocalCalendar.rfc3339(delivery.at)
            text = delivery.message.text
            let files = delivery.message.attachments
            attachments = files.isEmpty ? nil : files.map(AttachmentFields.init)
            answers = answered.map { "\($0)" }
        }
    }

    struct ParkedFields: Encodable, Sendable {
        let message: String
        let direction: String
        let contact: ExternalContactFields?
        let reason: String
        let since: String?
        let behind: Int

        init(_ parked: ParkedMessage) {
            message = "\(parked.message)"
            direction =
                switch parked.direction {
                case .incoming: "incoming"
                case .outgoing: "outgoing"
                }
            contact = parked.contact.map(ExternalContactFields.init)
            reason = parked.reason
            since = parked.since.map(LocalCalendar.rfc3339)
            behind = parked.behind
        }
    }

    struct ConditionFields: Encodable, Sendable {
        let isLevel: Bool
        let incoming: Int
        let outgoing: Int
        let parked: Int
        let lagSeconds: Int64
        let trouble: String?

        init(_ condition: RelayCondition) {
            isLevel = condition.isLevel
            incoming = condition.incoming
            outgoing = condition.outgoing
            parked = condition.parked
            lagSeconds = condition.lag.components.seconds
            trouble = condition.trouble?.message
        }
    }

    struct LeftFields: Encodable, Sendable {
        let incoming: Int
        let outgoing: Int
        let parked: Int
    }
}

extension JSONLine.VerdictFields {
    /// That a message is kept; whether it was before makes no difference to whoever brought it.
    init(_ ingestion: Ingestion) {
        let outcome =
            switch ingestion {
            case .kept, .known: "accepted"
            case .echo: "echo"
            }
        self.init(ingestion.message, outcome)
    }
}
