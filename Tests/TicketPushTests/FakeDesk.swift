import DocketClient
import Synchronization

@testable import docket_ticket_push

/// A desk that answers as a test wants, and counts what it is asked.
final class FakeDesk: TicketDesk {
    private let answer: @Sendable (TicketDraft, Int) -> TicketVerdict
    private let asked = Mutex<[[String]]>([])

    init(_ answer: @escaping @Sendable (TicketDraft, Int) -> TicketVerdict) {
        self.answer = answer
    }

    /// The keys of each call.
    var calls: [[String]] { asked.withLock(\.self) }

    func push(_ tickets: [TicketDraft]) async throws(DocketClientError) -> [TicketVerdict] {
        let attempt = asked.withLock { calls in
            calls.append(tickets.map(\.externalKey))
            return calls.count
        }
        return tickets.map { answer($0, attempt) }
    }
}
