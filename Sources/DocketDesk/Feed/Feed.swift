internal import DocketDomain
internal import DocketStore

/// Reads feeds for those who are behind the shared tail.
struct Feed: Sendable {
    /// A part of a feed, and how far the log was looked through for it.
    struct Part: Sendable {
        var entries: [LogEntry]
        var scannedTo: UInt64
    }

    let store: any Store
    let readers: ReaderThreads
    let tail: Tail
    let policy: PolicyKeeper
    let clock: any DeskClock
    let limits: DeskLimits

    /// The oldest entries of a feed above an offset.
    func read(
        _ interest: FeedInterest,
        after offset: UInt64,
        limit: Int
    ) async throws(StoreError) -> Part {
        try await readers.readLog(store) { reading throws(StoreError) -> Part in
            let head = try reading.position().head
            switch interest {
            case .staff:
                let entries = try reading.entries(after: offset, limit: limit)
                return Part(
                    entries: entries.filter { $0.audience != .audit },
                    scannedTo: entries.last?.offset ?? head
                )
            case .channel(let channel):
                // Each page looks at a bounded part of the log, also where the channel has
                // nothing in it.
                let last = min(head, offset + limits.scannedEntries)
                let entries = try reading.entries(
                    on: channel,
                    after: offset,
                    through: last,
                    limit: limit
                )
                return part(entries, limit: limit, orTo: last)
            case .contact(let contact):
                let entries = try read(contact, in: reading, after: offset, limit: limit)
                return part(entries, limit: limit, orTo: head)
            case .partner(let partner):
                let last = min(head, offset + limits.scannedEntries)
                let entries = try reading.entries(
                    broughtBy: partner,
                    after: offset,
                    through: last,
                    limit: limit
                )
                let part = part(entries, limit: limit, orTo: last)
                let own = try entriesOfRequests(openedBy: partner, in: part.entries, reading)
                return Part(entries: own, scannedTo: part.scannedTo)
            }
        }
    }

    /// Those entries that belong to requests which a partner has opened: others may have opened
    /// more for the contacts whom it has brought.
    private func entriesOfRequests(
        openedBy partner: PrincipalID,
        in entries: [LogEntry],
        _ reading: any StoreReading
    ) throws(StoreError) -> [LogEntry] {
        var known: [RequestID: Bool] = [:]
        var own: [LogEntry] = []
        for entry in entries {
            guard let id = Event(encoded: entry.event)?.request?.id else { continue }
            if known[id] == nil {
                known[id] = try reading.situation(ofRequest: id).request?.partner == partner
            }
            if known[id] == true { own.append(entry) }
        }
        return own
    }

    /// A part of a feed for contacts.
    ///
    /// A full page ends with its last entry; one that is not full has seen everything.
    private func part(_ entries: [LogEntry], limit: Int, orTo last: UInt64) -> Part {
        let scannedTo = entries.count < limit ? last : entries.last?.offset ?? last
        let policy = policy.current
        return Part(
            entries: entries.compactMap { $0.seenByContact(under: policy) },
            scannedTo: scannedTo
        )
    }

    /// Merges a contact's few conversations, each read by its own index.
    private func read(
        _ contact: ContactID,
        in reading: any StoreReading,
        after offset: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry] {
        var entries: [LogEntry] = []
        for conversation in try reading.conversations(of: contact) {
            entries += try reading.entries(
                in: conversation,
                .after(offset),
                limit: limit,
                for: .conversation
            )
        }
        return Array(entries.sorted { $0.offset < $1.offset }.prefix(limit))
    }
}
