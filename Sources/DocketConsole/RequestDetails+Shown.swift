internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

// Everything that is shown of a request's details: to programs as JSON, to people as a card's rows.

extension JSONLine {
    struct RequestDetailFields: Encodable, Sendable {
        let ownTitle: String?
        let isInternal: Bool
        let isAside: Bool
        let openedBy: PartyFields?
        let externalKey: String?
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
            externalKey = details.externalKey
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
}

extension RequestCard {
    func rows(of details: RequestDetails) -> [Paragraph] {
        let rows: [Paragraph?] = [
            details.externalKey.map { row("external key", "\($0)") },
            keyRow("topic", details.topic, first: details.firstTopic),
            keyRow("type", details.type, first: nil),
            keyRow("priority", details.priority, first: details.firstPriority),
            listRow("tags", details.tags),
        ]
        let fields = details.fields.sorted { $0.key < $1.key }.map { key, value in
            row("\(key)", TerminalText(untrusted: value.wording, as: .field))
        }
        let others: [Paragraph?] = [
            listRow("watchers", details.watchers.map(\.name)),
            listRow("concerns", details.participants.map(\.name)),
            listRow("links", details.links.map { DetailText.text(of: $0).plainText }),
            details.mergedInto.map { row("merged into", "\($0.number)") },
            listRow("merged from", details.sources.map { "\($0.number)" }),
            details.statusBefore.map { row("status before", "\($0)") },
        ]
        return rows.compactMap { $0 } + fields + others.compactMap { $0 }
    }

    func moments(of request: SupportRequest) -> [Paragraph] {
        let details = request.details
        let moments: [(TerminalText, Timestamp?)] = [
            ("opened", request.openedAt), ("accepted", details.acceptedAt),
            ("first viewed", details.firstViewedAt), ("first reply", details.firstRepliedAt),
            ("sleeps until", details.wakeAt), ("resolved", details.resolvedAt),
            ("closed", details.closedAt), ("last change", request.changedAt),
            ("waits since", request.waitingSince),
        ]
        let reopened =
            details.reopenings == 0 ? nil : row("reopened", "\(details.reopenings) times")
        return moments.compactMap { label, moment in
            moment.map { row(label, "\(calendar.stamp(of: $0))") }
        } + [row("version", "\(request.version)"), reopened].compactMap { $0 }
    }
}
