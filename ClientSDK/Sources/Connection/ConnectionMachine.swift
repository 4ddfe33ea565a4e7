/// Decides when a client connects, signs in, waits and gives up.
///
/// Time and chance are arguments; what to do is the returned action. From every state but
/// `needsLogin` and `closed` a scheduled step leads on, so no client is ever stuck offline.
struct ConnectionMachine: Equatable, Sendable {
    /// How long a connection must have stood before failures are counted anew.
    static let stableTime = Duration.seconds(10)

    /// Where the client stands.
    enum State: Equatable, Sendable {
        case connecting
        case authenticating
        case established(since: ContinuousClock.Instant)
        case waiting(until: ContinuousClock.Instant, because: DocketClientError)
        case needsLogin(DocketClientError)
        case closed
    }

    /// What to do next.
    enum Action: Equatable, Sendable {
        /// Connect, with the session's token if there is one.
        case connect
        /// Wait until then, or until `retryNow`.
        case wait(until: ContinuousClock.Instant)
        /// End: this client does nothing more.
        case stop
    }

    private(set) var state = State.connecting
    private var backoff = Backoff()
    /// Whether a session was renewed since a connection last stood for long.
    private var hasRenewed = false
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
        after requested: Duration?,
        because error: DocketClientError,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Action {
        let until = now + backoff.wait(after: requested, using: &random)
        state = .waiting(until: until, because: error)
        return .wait(until: until)
    }

    /// The wait is over, by time or because somebody asked for an attempt now.
    mutating func rested() -> Action {
        guard case .waiting = state else { return .stop }
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
