package import DocketDomain

/// A message as it belongs to a request now.
package struct StoredMessage: Hashable, Sendable {
    /// The message's place among the request's public entries.
    package let sequence: UInt64
    /// The entry of the log in which it was said.
    package let entry: LogEntry
    /// The message.
    package let message: RequestMessage
}

extension StoreReading {
    /// The messages that belong to a request, in the order of their places.
    ///
    /// Membership is not stored: it follows from the log. The conversation is read from its end
    /// until the request's beginning and everything it took over have been met.
    ///
    /// - Returns: The messages; `nil` when they are more than `limit`, or too many entries would
    ///   have to be looked at.
    package func messages(
        of request: SupportRequest,
        limit: Int
    ) throws(StoreError) -> [StoredMessage]? {
        var search = MessageSearch(request: request.id)
        var before = UInt64.max
        var entriesRead = 0
        while !search.isComplete {
            let page = try entries(
                in: request.conversation,
                .before(before),
                limit: MessageSearch.pageLength,
                for: .staff
            )
            guard let oldest = page.first else { break }
            for entry in page.reversed() where !search.isComplete { search.meet(entry) }
            entriesRead += page.count
            guard search.count <= limit, entriesRead <= MessageSearch.longestSearch else {
                return nil
            }
            before = oldest.offset
        }
        return search.messages
    }
}

/// Finds a request's messages while a conversation is read from its end.
private struct MessageSearch {
    /// How many entries are read at once.
    static let pageLength = 500
    /// How many entries are looked at before the search gives up: it may run where every other
    /// command waits for it.
    static let longestSearch = 200_000

    private let request: RequestID
    /// What is known of messages taken over, until they are met.
    private var taken: [MessageID: UInt64] = [:]
    /// Messages that the request gave away later than where the search stands.
    private var given: Set<MessageID> = []
    private var found: [StoredMessage] = []
    private var hasMetBeginning = false

    init(request: RequestID) { self.request = request }

    var isComplete: Bool { hasMetBeginning && taken.isEmpty }
    var count: Int { found.count + taken.count }
    var messages: [StoredMessage] { found.sorted { $0.sequence < $1.sequence } }

    /// Takes the entry before all those met so far.
    mutating func meet(_ entry: LogEntry) {
        guard let event = Event(encoded: entry.event) else { return }
        if case .messagePosted(let message) = event.fact {
            meet(message, event, entry)
            return
        }
        guard event.request?.id == request else { return }
        switch event.fact {
        case .messagesGiven(let moved): given.formUnion(moved.messages)
        case .messagesTaken(let moved):
            for (place, id) in moved.messages.enumerated() {
                // Given away again later, it was not the request's any more.
                if given.remove(id) == nil { taken[id] = moved.firstSequence + UInt64(place) }
            }
        case .requestOpened: hasMetBeginning = true
        default: return
        }
    }

    private mutating func meet(_ message: Message, _ event: Event, _ entry: LogEntry) {
        let sequence: UInt64
        if let place = taken.removeValue(forKey: message.id) {
            sequence = place
        } else if event.request?.id == request, given.remove(message.id) == nil {
            sequence = message.sequence
        } else {
            return
        }
        found.append(
            StoredMessage(
                sequence: sequence,
                entry: entry,
                message: RequestMessage(
                    id: message.id,
                    sequence: sequence,
                    isFromContact: event.actor.kind == .contact,
                    text: message.headline
                )
            )
        )
    }
}
