internal import DocketClient

/// A row that makes a ticket.
struct Candidate: Sendable {
    /// The row.
    let row: Row
    /// Its ticket.
    let ticket: TicketDraft
}

/// The tickets that go to the server together.
struct Batch: Sendable {
    /// The most bytes of rows in one call, beyond a single row: far below the longest message that
    /// a server takes.
    static let mostBytes = 1 << 20

    private var candidates: [Candidate] = []
    private var byteCount = 0

    /// Whether there is nothing in it.
    var isEmpty: Bool { candidates.isEmpty }

    /// Adds a ticket.
    ///
    /// - Parameter candidate: The ticket with its row.
    /// - Returns: The tickets before it where they have to go first.
    mutating func add(_ candidate: Candidate) -> [Candidate] {
        let size = candidate.row.bytes.count
        let isFull =
            candidates.count == Tickets.ticketsInPush
            || !isEmpty && byteCount + size > Self.mostBytes
        let before = isFull ? take() : []
        candidates.append(candidate)
        byteCount += size
        return before
    }

    /// Takes everything out.
    mutating func take() -> [Candidate] {
        defer {
            candidates = []
            byteCount = 0
        }
        return candidates
    }
}
