/// How a client stands with its server.
public enum ConnectionState: Hashable, Sendable {
    /// Reaching the server: TCP, TLS, the greeting.
    case connecting
    /// Signing in, or proving an earlier session.
    case authenticating
    /// Signed in; a feed is still reading what happened before.
    case catchingUp
    /// Signed in, and every open feed has told everything.
    case live
    /// Not connected. The next attempt comes by itself at this moment.
    case offline(retryAt: ContinuousClock.Instant, because: DocketClientError)
    /// The server does not accept the credential. This client will not try again.
    case needsLogin(DocketClientError)
    /// This client was closed.
    case closed
}
