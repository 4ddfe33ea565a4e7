internal import DocketClient
internal import DocketTerminal

/// Tells what happens to tickets: how they stand, every change of status, and what agents say.
struct Follower {
    /// How many tickets a page of the list has.
    private static let pageLength = 200

    private let client: DocketClient
    private let output: OutputWriter
    private var following: Following

    /// A follower.
    ///
    /// - Parameters:
    ///   - client: The partner's connection.
    ///   - following: The tickets.
    ///   - output: Where it is told.
    init(_ client: DocketClient, _ following: Following, to output: OutputWriter = .standard) {
        self.client = client
        self.following = following
        self.output = output
    }

    /// The place from which everything is told that happens from now on.
    static func place(of client: DocketClient) async throws -> Cursor? {
        for try await update in client.feed(from: .now) { return update.cursor }
        return nil
    }

    /// Tells what happens until all tickets are closed.
    ///
    /// - Parameter place: From where on; nil for from now on.
    /// - Throws: `DocketClientError` where nothing more can be learnt, or what writing throws.
    mutating func run(from place: Cursor?) async throws {
        var place = place
        while !following.isOver {
            do {
                try await tellStatuses()
                try await tellEvents(from: place.map(FeedStart.after) ?? .now)
                return
            } catch let error as DocketClientError where error.code == .resyncRequired {
                // The list tells how they stand, and the feed goes on from before it.
                place = try await Self.place(of: client)
            }
        }
    }

    private mutating func tellStatuses() async throws {
        var page: PageToken?
        repeat {
            let list = try await client.tickets.list(limit: Self.pageLength, page: page)
            for request in list.items {
                try tell(request.id, request.version, request.statusName, request.category)
            }
            page = list.next
        } while page != nil
    }

    private mutating func tellEvents(from start: FeedStart) async throws {
        guard !following.isOver else { return }
        for try await update in client.feed(from: start) {
            if case .event(let event) = update.content { try tell(event) }
            if following.isOver { return }
        }
    }

    private mutating func tell(_ event: Event) throws {
        guard let request = event.request else { return }
        switch event.fact {
        case .statusChanged(let change):
            let name = change.statusNameForContact ?? change.to
            try tell(request.id, request.version, name, change.category)
        case .messagePosted(let message):
            guard let line = TicketLine.comment(message, by: event.actor, on: request.number),
                following.ticket(request.id) != nil
            else { return }
            try output.writeLine(line)
        default: break
        }
    }

    private mutating func tell(
        _ id: RequestID,
        _ version: UInt64,
        _ name: String,
        _ category: StatusCategory
    ) throws {
        guard let ticket = following.note(id, version: version, category) else { return }
        try output.writeLine(TicketLine.status(name, of: ticket.key, number: ticket.number))
    }
}
