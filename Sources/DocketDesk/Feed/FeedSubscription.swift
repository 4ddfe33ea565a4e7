internal import DocketDomain
package import DocketStore

/// A part of a feed, in order.
package struct FeedPage: Sendable {
    /// The entries, each joined to the one before it.
    package internal(set) var entries: [FeedEntry] = []
    /// Events that are in no log; they leave the cursor where it is.
    package internal(set) var signals: [FeedSignal] = []
    /// Whether the feed has nothing more at this moment.
    package internal(set) var isLevel = false
}

/// One principal's feed, pulled by whoever has credit to send it.
///
/// A subscription buffers nothing: it is a place in the log. While it is level with the head, it
/// is fed from the shared tail; where it has fallen behind, it reads the store.
///
/// ```swift
/// defer { subscription.close() }
/// while !Task.isCancelled {
///     let page = try await subscription.next(limit: 32)
///     for entry in page.entries { ... }
///     if page.isLevel { await subscription.wait() }
/// }
/// ```
package struct FeedSubscription: Sendable {
    private enum Phase {
        case starting
        case catchingUp
        case live
    }

    /// The life of the log that the subscription reads.
    package let epoch: Epoch
    private let feed: Feed
    private let interest: FeedInterest
    private let hub: FeedHub
    private let registration: FeedRegistration
    private var phase = Phase.starting
    /// The offset of the entry sent last.
    private var sent: UInt64
    /// Everything up to this offset has been looked at.
    private var scanned: UInt64

    init(
        of principal: Principal,
        from offset: UInt64,
        epoch: Epoch,
        feed: Feed,
        hub: FeedHub
    ) {
        self.epoch = epoch
        self.feed = feed
        self.hub = hub
        interest = FeedInterest(of: principal)
        registration = FeedRegistration(
            interest: interest,
            principal: principal.id,
            signalLimit: feed.limits.waitingSignals
        )
        sent = offset
        scanned = offset
        hub.add(registration)
    }

    /// The next part of the feed: at most so many events, and the markers that belong there.
    ///
    /// Where much of the log concerns others, a page may have no event and a heartbeat instead,
    /// so that the cursor moves on; a cancelled task gets what was read so far.
    package mutating func next(limit: Int) async throws(StoreError) -> FeedPage {
        var page = FeedPage()
        page.signals = registration.takeSignals(at: feed.clock.now())
        if case .starting = phase {
            page.entries.append(mark(.started, at: scanned))
            phase = .catchingUp
        }
        let limit = max(limit, 1) + page.entries.count
        try await fill(&page, limit: limit)
        if page.isLevel, case .catchingUp = phase {
            page.entries.append(mark(.caughtUp, at: scanned))
            phase = .live
        } else if !page.isLevel, page.entries.count < limit {
            page.entries.append(heartbeat())
        }
        return page
    }

    /// Adds events until there are so many, the feed is level, or the store was read often enough
    /// for one page.
    private mutating func fill(_ page: inout FeedPage, limit: Int) async throws(StoreError) {
        var reads = 0
        while page.entries.count < limit {
            let reach = feed.tail.reach(after: scanned)
            if let chunks = reach.chunks {
                add(chunks, to: &page, limit: limit)
            } else {
                let room = limit - page.entries.count
                let part = try await feed.read(interest, after: scanned, limit: room)
                for entry in part.entries { page.entries.append(event(entry)) }
                scanned = max(scanned, part.scannedTo)
                reads += 1
            }
            guard scanned < reach.head else {
                page.isLevel = page.entries.count < limit
                return
            }
            if reads >= feed.limits.readsForPage || Task.isCancelled { return }
        }
    }

    /// An entry for the case that nothing happened for a while.
    ///
    /// It moves the cursor over what concerned others; valid only where the last page was level.
    package mutating func heartbeat() -> FeedEntry {
        mark(.heartbeat, at: scanned)
    }

    /// Whether a signal still says something, for whoever sends it after others that took a while.
    package func isValid(_ signal: FeedSignal) -> Bool {
        signal.isValid(at: feed.clock.now())
    }

    /// Returns when there may be news, or the task is cancelled.
    package func wait() async {
        await registration.wait()
    }

    /// Ends the subscription, and lets whoever waits for it go.
    package func close() {
        hub.remove(registration)
        registration.close()
    }

    private mutating func add(
        _ chunks: ArraySlice<Tail.Chunk>,
        to page: inout FeedPage,
        limit: Int
    ) {
        let policy = feed.policy.current
        for chunk in chunks {
            for entry in chunk.entries where entry.entry.offset > scanned {
                guard page.entries.count < limit else { return }
                scanned = entry.entry.offset
                guard interest.includes(entry),
                    let seen = entry.seen(by: interest.audience, under: policy)
                else { continue }
                page.entries.append(event(seen))
            }
        }
    }

    private mutating func event(_ entry: LogEntry) -> FeedEntry {
        defer { sent = entry.offset }
        return FeedEntry(
            previous: sent,
            offset: entry.offset,
            content: .event(entry.event)
        )
    }

    private mutating func mark(_ content: FeedEntry.Content, at offset: UInt64) -> FeedEntry {
        defer { sent = offset }
        return FeedEntry(previous: sent, offset: offset, content: content)
    }
}
