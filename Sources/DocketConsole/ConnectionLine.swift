internal import DocketClient
internal import DocketTerminal

/// The connection's state in words, with a sign before them.
enum ConnectionLine {
    /// The state with a sign.
    ///
    /// - Parameters:
    ///   - state: The state.
    ///   - count: How many events were told of those that happened meanwhile.
    ///   - now: The moment.
    /// - Returns: A few words.
    static func text(
        _ state: ConnectionState,
        told count: Int,
        at now: ContinuousClock.Instant
    ) -> TerminalText {
        switch state {
        case .connecting: "◌ connecting"
        case .authenticating: "◌ signing in"
        case .catchingUp: count > 0 ? "◌ catching up, \(count) so far" : "◌ catching up"
        case .live: ("● live" as TerminalText).coloured(.green)
        case .offline(let retryAt, _):
            ("○ offline, retry in \(seconds(until: retryAt, from: now)) s (Ctrl-R now)"
                as TerminalText).coloured(.yellow)
        case .needsLogin:
            ("! sign in again" as TerminalText).coloured(.red)
        case .closed: "○ closed"
        }
    }

    /// Why there is no connection; nil where there is one, or one is being made.
    static func reason(_ state: ConnectionState) -> TerminalText? {
        guard case .offline(_, let error) = state else { return nil }
        return "\(error.message)"
    }

    /// The same without signs that need a glance, for a line of its own.
    static func words(_ state: ConnectionState, at now: ContinuousClock.Instant) -> String {
        switch state {
        case .connecting: "connecting"
        case .authenticating: "signing in"
        case .catchingUp: "catching up"
        case .live: "live"
        case .offline(let retryAt, let error):
            "offline, retry in \(seconds(until: retryAt, from: now)) s: \(error.message)"
        case .needsLogin(let error): "not signed in: \(error.message)"
        case .closed: "closed"
        }
    }

    /// Whole seconds, rounded up, so that the countdown ends with 1 and not with a long 0.
    private static func seconds(
        until moment: ContinuousClock.Instant,
        from now: ContinuousClock.Instant
    ) -> Int64 {
        let (seconds, attoseconds) = (moment - now).components
        return max(0, attoseconds > 0 ? seconds + 1 : seconds)
    }
}
