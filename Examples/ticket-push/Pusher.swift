internal import DocketClient

/// Who takes tickets.
protocol TicketDesk: Sendable {
    /// Opens requests; the verdicts come in the tickets' order.
    func push(_ tickets: [TicketDraft]) async throws(DocketClientError) -> [TicketVerdict]
}

/// The desk behind a connection.
struct PartnerDesk: TicketDesk {
    /// The partner's tickets.
    let tickets: Tickets
    /// How long to try a call.
    let limit: Duration

    func push(_ tickets: [TicketDraft]) async throws(DocketClientError) -> [TicketVerdict] {
        try await self.tickets.push(tickets, within: limit)
    }
}

/// Pushes tickets until each has a verdict.
struct Pusher<Desk: TicketDesk>: Sendable {
    /// What became of a ticket.
    enum Outcome: Sendable {
        /// Its request is there.
        case pushed(PushedTicket)
        /// The server will not open it.
        case refused(Refusal)
        /// The server fails at it again and again; it may be there.
        case unsettled(Refusal)
    }

    /// How often a ticket is pushed that the server fails at.
    static var mostAttempts: Int { 6 }

    private let desk: Desk
    private let pause: @Sendable (Duration) async throws -> Void

    /// A pusher.
    ///
    /// - Parameters:
    ///   - desk: Who takes the tickets.
    ///   - pause: Waits before tickets are pushed again.
    init(to desk: Desk, pause: @escaping @Sendable (Duration) async throws -> Void) {
        self.desk = desk
        self.pause = pause
    }

    /// Pushes tickets.
    ///
    /// - Parameter tickets: At most as many as one call takes.
    /// - Returns: What became of each, in their order.
    /// - Throws: `DocketClientError` where no verdict comes: some may be there.
    func push(_ tickets: [TicketDraft]) async throws -> [Outcome] {
        var outcomes: [Outcome?] = tickets.map { _ in nil }
        for attempt in 1...Self.mostAttempts {
            let open = outcomes.indices.filter { outcomes[$0] == nil }
            let verdicts = try await desk.push(open.map { tickets[$0] })
            for (index, verdict) in zip(open, verdicts) {
                switch verdict {
                case .pushed(let ticket): outcomes[index] = .pushed(ticket)
                case .refused(let refusal, mayBeRepeated: true) where attempt == Self.mostAttempts:
                    outcomes[index] = .unsettled(refusal)
                case .refused(_, mayBeRepeated: true): break
                case .refused(let refusal, mayBeRepeated: false):
                    outcomes[index] = .refused(refusal)
                }
            }
            guard outcomes.contains(where: { $0 == nil }) else { break }
            try await pause(.seconds(1 << (attempt - 1)))
        }
        return outcomes.compactMap(\.self)
    }
}
