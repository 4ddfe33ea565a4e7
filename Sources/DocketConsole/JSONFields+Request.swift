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

    struct RequestDetailFields: Encodable, Sendable {
        let ownTitle: String?
        let isInternal: Bool
        let isAside: Bool
        let openedBy: PartyFields?
        let topic: String?
        let firstTopic: String?
        let type: String?
        let priority: String?
        let firstPriority: String?
        let tags: [String]
        let fields: [String: FieldValueFields]
        let watchers: [PartyFields]
        let participants: [PartyFields]
        let links: [LinkFields]
        let mergedInto: OtherFields?
        let sources: [OtherFields]
        let statusBefore: String?
        let split: SplitFields?
        let wakeAt: String?
        let acceptedAt: String?
        let firstRepliedAt: String?
        let firstViewedAt: String?
        let viewedByAssigneeAt: String?
        let resolvedAt: String?
        let closedAt: String?
        let reopenings: UInt64

        init(_ details: RequestDetails) {
            ownTitle = details.ownTitle
            isInternal = details.isInternal
            isAside = details.isAside
            openedBy = details.openedBy.map(PartyFields.init)
            topic = details.topic
            firstTopic = details.firstTopic
            type = details.type
            priority = details.priority
            firstPriority = details.firstPriority
            tags = details.tags
            fields = details.fields.mapValues(FieldValueFields.init)
            watchers = details.watchers.map(PartyFields.init)
            participants = details.participants.map(PartyFields.init)
            links = details.links.map(LinkFields.init)
            mergedInto = details.mergedInto.map(OtherFields.init)
            sources = details.sources.map(OtherFields.init)
            statusBefore = details.statusBefore
            split = details.splitOffer.map {
                SplitFields(fromSequence: $0.fromSequence, status: $0.status)
            }
            wakeAt = details.wakeAt.map(LocalCalendar.rfc3339)
            acceptedAt = details.acceptedAt.map(LocalCalendar.rfc3339)
            firstRepliedAt = details.firstRepliedAt.map(LocalCalendar.rfc3339)
            firstViewedAt = details.firstViewedAt.map(LocalCalendar.rfc3339)
            viewedByAssigneeAt = details.viewedByAssigneeAt.map(LocalCalendar.rfc3339)
            resolvedAt = details.resolvedAt.map(LocalCalendar.rfc3339)
            closedAt = details.closedAt.map(LocalCalendar.rfc3339)
            reopenings = details.reopenings
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
