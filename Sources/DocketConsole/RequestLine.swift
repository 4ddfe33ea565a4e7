internal import DocketClient
internal import DocketTerminal

/// What the status line tells of the conversation's newest request, or of the one that an agent
/// answers.
struct RequestLine: Equatable, Sendable {
    private(set) var number: UInt64
    /// The key of its status, by which agents know it.
    private var status: String
    /// What contacts call the status.
    private var statusName: String
    private var category: StatusCategory
    private var assignee: String?
    /// The title that somebody gave it.
    private var title: String?
    /// Whether the contact hears nothing of it.
    private var isInternal = false
    /// Whether a newer request does not take its place.
    private(set) var stays = false
    /// The version in which the server gave it: what came about up to then is in it already.
    private var version: UInt64 = 0

    init(_ request: SupportRequest, stays: Bool = false) {
        self.stays = stays
        number = request.number
        status = request.status
        statusName = request.statusName.isEmpty ? request.status : request.statusName
        category = request.category
        assignee = request.assignee?.name
        title = request.details.ownTitle
        isInternal = request.details.isInternal
        version = request.version
    }

    /// The request after an event; nil while there is none.
    init?(_ event: Event, after line: RequestLine?) {
        let opened = event.request?.number ?? 0
        if case .requestOpened(let opening) = event.fact, line?.stays != true,
            line.map({ $0.number < opened }) ?? true
        {
            number = opened
            status = opening.status
            statusName = opening.statusNameForContact ?? opening.status
            category = opening.category
            title = opening.title
            isInternal = event.isInternal
            return
        }
        guard var line else { return nil }
        line.apply(event)
        self = line
    }

    /// The request as it is after what was said before: of that, only what is newer than the line
    /// changes it, and whatever opened before is not newer.
    init?(_ event: Event, before line: RequestLine?) {
        guard var line else {
            self.init(event, after: nil)
            return
        }
        line.apply(event)
        self = line
    }

    /// Forgets in which version the server gave the request, as versions may begin anew.
    mutating func forgetVersion() { version = 0 }

    /// Events of another request, and those that the line tells already, change nothing.
    private mutating func apply(_ event: Event) {
        guard let request = event.request, request.number == number, request.version > version
        else { return }
        for change in event.fact.requestUpdates { apply(change) }
    }

    private mutating func apply(_ change: RequestUpdate) {
        switch change {
        case .status(let change):
            status = change.to
            statusName = change.statusNameForContact ?? change.to
            category = change.category
        case .assignee(let agent, _): assignee = agent?.name
        case .title(let title): self.title = title
        case .merged(let other, _):
            number = other.number
            version = 0
        case .opened, .said, .topic, .watcher: break
        }
    }

    func text(for side: Transcript.Side) -> TerminalText {
        let name: TerminalText = title.map { "#\(number) “\($0)”" } ?? "#\(number)"
        let state: TerminalText =
            switch (side, assignee) {
            case (.agent, let assignee?): " \(status), \(assignee)"
            case (.agent, nil): " \(status), nobody"
            // How the one is that has its content, the events after the merge tell, if anything.
            case (.contact, _) where category == .merged: ""
            case (.contact, _) where isOver: " \(statusName)"
            case (.contact, let assignee?): " with \(assignee)"
            case (.contact, nil): " in the queue"
            }
        return name + state + (isInternal ? ", internal" : "")
    }

    private var isOver: Bool {
        switch category {
        case .resolved, .closed, .merged, .deleted: true
        case .new, .open, .waiting, .unknown: false
        }
    }
}
