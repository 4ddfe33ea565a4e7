/// Decides which entries of a feed are applied: those that continue the chain.
///
/// Offsets have holes, so only the chain proves that nothing is missing: an entry is applied if and
/// only if its `prev` is the cursor's offset. After anything else the feed is opened again from the
/// cursor.
struct FeedChain: Equatable, Sendable {
    /// How long nothing may arrive before the feed is opened again: two of the server's heartbeats.
    static let patience = Duration.seconds(60)

    /// A marker, without what only events have.
    enum Marker: Equatable, Sendable {
        case started
        case caughtUp
        case heartbeat
    }

    /// What an entry carries.
    enum Content: Equatable, Sendable {
        case event
        case marker(Marker, epoch: [UInt8])
        case passing
    }

    /// What to do with an entry.
    enum Judgement: Equatable, Sendable {
        /// Tell it; the cursor stands behind it.
        case apply(Cursor)
        /// Go on without a word: the feed stands again where it stood.
        case resumed
        /// Something is missing or out of order: open the feed again.
        case reopen
    }

    private enum Phase: Equatable {
        /// Subscribed; the first entry has not come.
        case opening
        case running
    }

    private let start: FeedStart
    private var phase = Phase.opening
    private var hasStarted = false
    private(set) var cursor: Cursor?

    init(start: FeedStart) {
        self.start = start
        if case .after(let cursor) = start { self.cursor = cursor }
    }

    /// Where to subscribe now.
    var place: FeedStart { cursor.map(FeedStart.after) ?? start }

    /// The feed has been opened, at first or again.
    mutating func opened() {
        phase = .opening
    }

    /// An entry has come.
    mutating func received(prev: UInt64, offset: UInt64, _ content: Content) -> Judgement {
        switch phase {
        case .opening: receivedFirst(prev: prev, offset: offset, content)
        case .running: receivedNext(prev: prev, offset: offset, content)
        }
    }

    private mutating func receivedFirst(
        prev: UInt64,
        offset: UInt64,
        _ content: Content
    ) -> Judgement {
        guard case .marker(.started, let epoch) = content, prev == offset,
            epoch.count == Cursor.epochLength
        else { return .reopen }
        let place = Cursor(epoch: epoch, offset: offset)
        guard cursor == nil || cursor == place else { return .reopen }
        defer { hasStarted = true }
        phase = .running
        cursor = place
        return hasStarted ? .resumed : .apply(place)
    }

    private mutating func receivedNext(
        prev: UInt64,
        offset: UInt64,
        _ content: Content
    ) -> Judgement {
        guard var cursor else { return .reopen }
        switch content {
        case .passing: return .apply(cursor)
        case .marker(.started, _): return .reopen
        case .marker(_, let epoch) where epoch != cursor.epoch: return .reopen
        case .marker where offset < prev: return .reopen
        case .event where offset <= prev: return .reopen
        case .event, .marker: break
        }
        guard prev == cursor.offset else { return .reopen }
        cursor.offset = offset
        self.cursor = cursor
        return .apply(cursor)
    }
}
