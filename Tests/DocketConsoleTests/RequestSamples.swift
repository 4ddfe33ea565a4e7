@testable import DocketClient

/// A ticket with everything that one can have, and what happens to it.
enum RequestSamples {
    static let other = OtherRequest(id: Samples.request, number: 9)
    static let message = MessageID(bytes: [UInt8](repeating: 6, count: 16)) ?? MessageID()

    static func request(
        number: UInt64 = 12,
        title: String = "Blank pages",
        id: RequestID = Samples.request,
        version: UInt64 = 7
    ) -> SupportRequest {
        SupportRequest(
            id: id,
            number: number,
            conversationID: Samples.conversation,
            channel: "phone",
            contact: Samples.ana,
            status: "snoozed",
            category: .waiting,
            assignee: Samples.bo,
            version: version,
            openedAt: Samples.moment,
            changedAt: moment(minutes: 9),
            sequence: 5,
            summary: "It prints blank pages",
            kind: .ticket,
            origin: .manual,
            title: title,
            statusName: "Snoozed",
            topicName: "Printers and copiers",
            isLive: true,
            livePeriods: 2,
            previous: nil,
            details: details
        )
    }

    private static func moment(minutes: UInt64) -> Timestamp {
        Timestamp(
            millisecondsSinceEpoch: Samples.moment.millisecondsSinceEpoch + minutes * 60_000
        )
    }

    private static var details: RequestDetails {
        var details = RequestDetails()
        details.ownTitle = "Blank pages"
        details.isInternal = true
        details.openedBy = Samples.bo
        details.externalKey = "T-1"
        details.topic = "printers"
        details.firstTopic = "other"
        details.type = "incident"
        details.priority = "high"
        details.firstPriority = "high"
        details.tags = ["hall", "printer"]
        details.fields = [
            "serialNumber": .text("A-1"), "pages": .integer(-3), "warranty": .flag(false),
            "colours": .words(["red", "blue"]),
        ]
        details.watchers = [Samples.bo]
        details.participants = [Samples.ana]
        details.links = [RequestLink(kind: .splitFrom, other: other)]
        details.mergedInto = other
        details.sources = [other]
        details.statusBefore = "new"
        details.splitOffer = SplitOffer(fromSequence: 4, status: "waiting")
        details.wakeAt = moment(minutes: 60)
        details.acceptedAt = moment(minutes: 1)
        details.firstRepliedAt = moment(minutes: 2)
        details.resolvedAt = moment(minutes: 3)
        details.closedAt = moment(minutes: 4)
        details.reopenings = 2
        return details
    }

    /// Everything that can happen to a request beside what is said in it.
    static let changes: [Event] = {
        let moved = MovedMessages(other: other, messageIDs: [message], firstSequence: 3)
        let link = RequestLink(kind: .child, other: other)
        var set = StatusChange(from: "new", to: "snoozed", category: .waiting, cause: .set)
        set.reason = "They are away"
        set.wakeAt = moment(minutes: 60)
        let facts: [Event.Fact] = [
            .receivedMarked(upTo: 3), .requestViewed(byAssignee: true),
            .titleChanged(from: nil, to: "Blank pages"),
            .titleChanged(from: "Blank pages", to: nil), .statusChanged(set),
            .requestAssigned(nil, from: Samples.bo), .detailsChanged(detailChanges),
            .linked(link), .unlinked(link), .messagesGiven(moved), .messagesTaken(moved),
            .merged(into: other, newest: nil), .mergeTaken(other),
            .policyApplied(version: 3, name: "Omnidesk"), .administered(administered),
        ]
        return zip(20..., facts).map { offset, fact in
            Samples.event(fact, at: offset, by: Samples.bo)
        }
    }()

    private static let administered = AdministrativeChange(
        subject: .agent,
        subjectID: nil,
        name: "Bo",
        action: .changed,
        fields: [.init(name: "role", before: "agent", after: "supervisor")]
    )

    private static let detailChanges: [DetailChange] = [
        .topic(from: nil, to: "printers", nameForContact: nil),
        .type(from: "question", to: nil),
        .priority(from: "normal", to: "high"), .field("pages", from: .integer(1), to: nil),
        .field("colours", from: nil, to: .words(["red", "blue"])), .tagAdded("hall"),
        .tagRemoved("new"), .watcherAdded(Samples.bo), .watcherRemoved(Samples.bo),
        .participantAdded(Samples.ana), .participantRemoved(Samples.ana), .unknown,
    ]
}
