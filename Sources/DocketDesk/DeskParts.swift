internal import DocketDomain
internal import DocketStore
internal import Logging
internal import Synchronization

/// What the writer shares with the rest of the desk.
struct DeskParts: Sendable {
    let policy: PolicyKeeper
    let limits: DeskLimits
    let clock: any DeskClock
    let condition: DeskConditionKeeper
    let publisher: FeedPublisher
    let sessions: SessionCache
    let unwritten: UnwrittenSessions
    let random: ChanceKeeper
    let hash: AuditHash

    /// Makes the parts of a desk whose log ends at an offset.
    init(
        policy: Policy,
        limits: DeskLimits,
        clock: any DeskClock,
        head: UInt64,
        random: any RandomNumberGenerator & Sendable,
        hash: @escaping AuditHash
    ) {
        self.policy = PolicyKeeper(policy)
        self.limits = limits
        self.clock = clock
        condition = DeskConditionKeeper()
        publisher = FeedPublisher(
            tail: Tail(head: head, entries: limits.tailEntries, bytes: limits.tailBytes)
        )
        sessions = SessionCache(limit: limits.cachedSessions)
        unwritten = UnwrittenSessions(limits: limits)
        self.random = ChanceKeeper(random)
        self.hash = hash
    }

    /// Tells everybody what a commit has made true.
    func announce(_ outcome: BatchOutcome) {
        condition.noteSuccess()
        unwritten.remove(outcome.writtenSessions)
        for change in outcome.memoryChanges { apply(change) }
        publisher.publish(outcome.entries)
    }

    /// Changes what the desk remembers as an entry of the log says.
    ///
    /// Rules, names and stored sessions change nowhere else.
    private func apply(_ change: MemoryChange) {
        switch change {
        case .rules(let rules): policy.put(rules)
        case .sessionsEnd(let ends): sessions.end(ends)
        case .renamed(let principal, let name):
            unwritten.rename([principal: name])
            sessions.rename([principal: name])
        }
    }
}

/// Keeps the chance that makes the ids of requests.
///
/// Ids are no secret, so that chance need not be unguessable: it has to differ. It is drawn only
/// when a request begins, which few commands make, and which depends on nothing but the commands.
final class ChanceKeeper: Sendable {
    /// The chance of one id, given as often as it is asked for.
    private struct Drawn: RandomNumberGenerator {
        var words: (UInt64, UInt64)

        mutating func next() -> UInt64 {
            defer { words = (words.1, words.0) }
            return words.0
        }
    }

    private struct State {
        var generator: any RandomNumberGenerator & Sendable
        var drawn: Drawn

        init(_ generator: any RandomNumberGenerator & Sendable) {
            self.generator = generator
            drawn = Drawn(words: (0, 0))
            draw()
        }

        mutating func draw() {
            drawn = Drawn(words: (generator.next(), generator.next()))
        }
    }

    private let state: Mutex<State>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        state = Mutex(State(generator))
    }

    /// The id of the next request, if it begins at a moment.
    func nextID(at moment: Timestamp) -> RequestID {
        var drawn = state.withLock { $0.drawn }
        return RequestID(at: moment, random: &drawn)
    }

    /// The next request has begun: the one after it gets another id.
    func useID() {
        state.withLock { $0.draw() }
    }
}
