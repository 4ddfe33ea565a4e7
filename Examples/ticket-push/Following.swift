internal import DocketClient

/// What became of the tickets that somebody follows.
struct Following: Sendable {
    /// The most tickets that are followed.
    static let mostTickets = 100_000

    /// A ticket that is followed.
    struct Ticket: Equatable, Sendable {
        /// What the partner calls it.
        let key: String
        /// What people call its request.
        let number: UInt64
        /// The request's version when its status was last told; nil before that.
        fileprivate(set) var version: UInt64?
        /// What the status means.
        fileprivate(set) var category = StatusCategory.unknown
    }

    private var tickets: [RequestID: Ticket] = [:]
    private var openCount = 0
    /// Whether there were more tickets than can be followed.
    private(set) var isFull = false

    /// Whether nothing is expected to happen any more: all are closed, merged or deleted.
    var isOver: Bool { openCount == 0 }

    /// Follows one more.
    ///
    /// - Parameters:
    ///   - pushed: The ticket's request.
    ///   - key: What the partner calls it.
    mutating func add(_ pushed: PushedTicket, key: String) {
        add(pushed.requestID, number: pushed.number, key: key)
    }

    /// Follows one more.
    mutating func add(_ id: RequestID, number: UInt64, key: String) {
        guard tickets[id] == nil else { return }
        guard tickets.count < Self.mostTickets else {
            isFull = true
            return
        }
        tickets[id] = Ticket(key: key, number: number)
        openCount += 1
    }

    /// The ticket of a request; nil for one that is not followed.
    func ticket(_ id: RequestID) -> Ticket? { tickets[id] }

    /// Notes the status of a request.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - version: Its version with that status.
    ///   - category: What the status means.
    /// - Returns: The ticket, if it is followed and this is news.
    mutating func note(
        _ id: RequestID,
        version: UInt64,
        _ category: StatusCategory
    ) -> Ticket? {
        guard var ticket = tickets[id], version > ticket.version ?? 0 else { return nil }
        let wasFinal = ticket.category.isFinal
        ticket.version = version
        ticket.category = category
        tickets[id] = ticket
        if wasFinal != category.isFinal { openCount += category.isFinal ? -1 : 1 }
        return ticket
    }
}

extension StatusCategory {
    /// Whether a request stays as it is.
    var isFinal: Bool {
        switch self {
        case .closed, .merged, .deleted: true
        case .new, .open, .waiting, .resolved, .unknown: false
        }
    }
}
