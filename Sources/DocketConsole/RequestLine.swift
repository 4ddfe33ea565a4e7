internal import DocketClient
internal import DocketTerminal

/// What the status line tells of the conversation's newest request.
struct RequestLine: Equatable, Sendable {
    private var number: UInt64
    private var status: String
    private var category: StatusCategory
    private var assignee: String?

    init(_ request: SupportRequest) {
        number = request.number
        status = request.status
        category = request.category
        assignee = request.assignee?.name
    }

    /// The request after an event; nil while there is none.
    init?(_ event: Event, after line: RequestLine?) {
        if case .requestOpened(let opening) = event.fact {
            number = event.request?.number ?? 0
            status = opening.status
            category = opening.category
            return
        }
        guard var line else { return nil }
        line.apply(event)
        self = line
    }

    /// Events of an earlier request do not change what is told of the newest.
    private mutating func apply(_ event: Event) {
        guard event.request?.number == number else { return }
        switch event.fact {
        case .statusChanged(let change):
            status = change.to
            category = change.category
        case .requestAssigned(let agent, _): assignee = agent?.name
        case .merged(let other, _): number = other.number
        case .conversationOpened, .requestOpened, .messagePosted, .notePosted, .readMarked,
            .receivedMarked, .requestViewed, .titleChanged, .detailsChanged, .linked, .unlinked,
            .messagesGiven, .messagesTaken, .mergeTaken, .policyApplied, .unknown:
            break
        }
    }

    func text(for side: Transcript.Side) -> TerminalText {
        switch (side, assignee) {
        case (.agent, let assignee?): "#\(number) \(status), \(assignee)"
        case (.agent, nil): "#\(number) \(status), nobody"
        case (.contact, _) where isOver: "#\(number) \(status)"
        case (.contact, let assignee?): "#\(number) with \(assignee)"
        case (.contact, nil): "#\(number) in the queue"
        }
    }

    private var isOver: Bool {
        switch category {
        case .resolved, .closed, .merged, .deleted: true
        case .new, .open, .waiting, .unknown: false
        }
    }
}
