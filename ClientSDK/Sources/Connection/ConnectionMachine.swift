/// Decides when a client connects, signs in, waits and gives up.
///
/// Time and chance are arguments; what to do is the returned action. From every state but
/// `needsLogin` and `closed` a scheduled step leads on, so no client is ever stuck offline.
struct ConnectionMachine: Equatable, Sendable {
    /// How long a connection must have stood before failures are counted anew.
    static let stableTime = Duration.seconds(10)
    /// How long the machine may be asleep without anybody's connections having suffered: a shorter
    /// sleep is none that a server or a network notices.
    static let longestDoze = Duration.seconds(5)

    /// Where the client stands.
    enum State: Equatable, Sendable {
        case connecting
        case authenticating
        case established(since: ContinuousClock.Instant)
        case waiting(until: ContinuousClock.Instant, because: DocketClientError)
        case needsLogin(DocketClientError)
        case closed
    }

    /// Why an attempt before the end of a wait may do better than the last one.
    enum Occasion: Equatable, Sendable, CaseIterable {
        /// A person asks for it.
        case person
        /// A message, a read mark or a file was queued.
        case queued
        /// The network has changed.
        case network
        /// The machine was asleep.
        case wake

        /// How long after one such attempt the next may come.
        ///
        /// Whatever happens in a loop makes no loop of attempts. A person gets an answer within a
        /// second; what programs and networks do by themselves may happen on many machines at once,
        /// which share a server.
        var shortestPause: Duration {
            switch self {
            case .person: .seconds(1)
            case .queued, .network, .wake: .seconds(5)
            }
        }
    }

    /// What to do next.
    enum Action: Equatable, Sendable {
        /// Connect, with the session's token if there is one.
        case connect
        /// Wait until then, or until an occasion makes the wait shorter.
        case wait(until: ContinuousClock.Instant)
        /// End: this client does nothing more.
        case stop
    }

    private(set) var state = State.connecting
    private var backoff = Backoff()
    /// Whether a session was renewed since a connection last stood for long.
    private var hasRenewed = false
    /// The moment before which the server asked not to be called.
    private var requested: ContinuousClock.Instant?
    /// Whether the wait was made shorter.
    private var isShortened = false
    /// When an attempt last came before the end of its wait.
    private var lastEarly: ContinuousClock.Instant?
    /// How long the machine had been asleep, when somebody last looked.
    private var asleep: Duration?
    /// The open feeds, and whether each has told everything.
    private var feeds: [Int: Bool] = [:]

    /// What an application sees.
    var visibleState: ConnectionState {
        switch state {
        case .connecting: .connecting
        case .authenticating: .authenticating
        case .established: feeds.values.allSatisfy { $0 } ? .live : .catchingUp
        case .waiting(let until, let error): .offline(retryAt: until, because: error)
        case .needsLogin(let error): .needsLogin(error)
        case .closed: .closed
        }
    }

    /// The server has greeted.
    mutating func greeted() {
        guard state == .connecting else { return }
        state = .authenticating
    }

    /// The server has accepted who the client is.
    ///
    /// Gives whether the connection may be used, which it may not when the client was closed
    /// meanwhile.
    mutating func signedIn(at now: ContinuousClock.Instant) -> Bool {
        guard state == .authenticating else { return false }
        state = .established(since: now)
        return true
    }

    /// The connection is over, or could not be made.
    mutating func failed(
        _ error: DocketClientError,
        _ disposition: Disposition,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Action {
        guard state != .closed else { return .stop }
        if case .established(let since) = state, now - since >= Self.stableTime {
            backoff.reset()
            hasRenewed = false
        }
        for feed in feeds.keys { feeds[feed] = false }
        switch disposition {
        case .needsLogin:
            state = .needsLogin(error)
            return .stop
        case .signsIn where !hasRenewed:
            // There is no reason to wait for what the client can mend by itself. Once is enough:
            // a server that ends every session at once must not be called in a loop.
            hasRenewed = true
            state = .connecting
            return .connect
        case .repeats(let requested), .reconnects(let requested):
            return wait(after: requested, because: error, at: now, using: &random)
        case .signsIn, .resyncs, .final:
            return wait(after: nil, because: error, at: now, using: &random)
        }
    }

    private mutating func wait(
        after asked: Duration?,
        because error: DocketClientError,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Action {
        let until = now + backoff.wait(after: asked, using: &random)
        requested = asked.map { min(now + $0, until) }
        isShortened = false
        state = .waiting(until: until, because: error)
        return .wait(until: until)
    }

    /// There is an occasion to try again now.
    ///
    /// An attempt so soon after another early one comes when its pause is over. Only a person goes
    /// before the moment that the server asked for.
    ///
    /// - Returns: The new end of the wait, which is before the old one; nil where nothing changes.
    mutating func occurred(
        _ occasion: Occasion,
        at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        guard case .waiting(let until, let error) = state else { return nil }
        var next = now
        if let lastEarly { next = max(next, lastEarly + occasion.shortestPause) }
        if let requested, occasion != .person { next = max(next, requested) }
        guard next < until else { return nil }
        isShortened = true
        state = .waiting(until: next, because: error)
        return next
    }

    /// Somebody has looked how long the machine has been asleep altogether, since any one moment.
    ///
    /// - Returns: The new end of the wait where it was asleep for long; nil where nothing changes.
    mutating func looked(
        asleep total: Duration,
        at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        defer { asleep = total }
        guard let asleep, total - asleep > Self.longestDoze else { return nil }
        return occurred(.wake, at: now)
    }

    /// A wait is over, or was made shorter.
    mutating func rested(at now: ContinuousClock.Instant) -> Action {
        guard case .waiting(let until, _) = state else { return .stop }
        guard now >= until else { return .wait(until: until) }
        if isShortened { lastEarly = now }
        state = .connecting
        return .connect
    }

    /// The application is done.
    mutating func close() {
        state = .closed
    }

    /// A feed was opened, or reads again from its cursor.
    mutating func feedIsBehind(_ feed: Int) {
        feeds[feed] = false
    }

    /// A feed has told everything that had happened.
    mutating func feedCaughtUp(_ feed: Int) {
        guard feeds[feed] != nil else { return }
        feeds[feed] = true
    }

    /// Nobody reads a feed any more.
    mutating func feedClosed(_ feed: Int) {
        feeds[feed] = nil
    }
}
