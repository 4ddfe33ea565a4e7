internal import DocketClient
internal import DocketCommandLine

// The parts of JSON lines that tell of requests.

extension JSONLine {
    struct OtherFields: Encodable, Sendable {
        let id: String
        let number: UInt64

        init(_ other: OtherRequest) {
            id = "\(other.id)"
            number = other.number
        }
    }

    struct LinkFields: Encodable, Sendable {
        let kind: String
        let other: OtherFields

        init(_ link: RequestLink) {
            kind = link.kind.rawValue
            other = OtherFields(link.other)
        }
    }

    struct SplitFields: Encodable, Sendable {
        let fromSequence: UInt64
        let status: String
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
        let kind: String
        let origin: String
        let title: String
        let statusName: String
        let topicName: String?
        let isLive: Bool
        let livePeriods: UInt64
        let previous: String?
        let waitingSince: String?
        let lastAuthor: String?
        let details: RequestDetailFields

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
            kind = request.kind.rawValue
            origin = request.origin.rawValue
            title = request.title
            statusName = request.statusName
            topicName = request.topicName.isEmpty ? nil : request.topicName
            isLive = request.isLive
            livePeriods = request.livePeriods
            previous = request.previous.map { "\($0)" }
            waitingSince = request.waitingSince.map(LocalCalendar.rfc3339)
            lastAuthor = request.lastAuthor?.rawValue
            details = RequestDetailFields(request.details)
        }
    }

    /// What a field holds, as the JSON value that fits.
    struct FieldValueFields: Encodable, Sendable {
        private let value: FieldValue

        init(_ value: FieldValue) { self.value = value }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .text(let text): try container.encode(text)
            case .integer(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .words(let words): try container.encode(words)
            }
        }
    }
}
