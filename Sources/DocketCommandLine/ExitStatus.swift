/// How a command of Docket ends, for scripts.
public enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    /// Done; for a message: it is stored.
    case done = 0
    /// The server refused.
    case refused = 1
    /// The command line is wrong.
    case usage = 2
    /// Sent, but not confirmed in time: it may have taken effect.
    case unconfirmed = 3
    /// The server does not accept the credential.
    case notSignedIn = 4
    /// What the command names does not exist, or not for this caller.
    case notFound = 5
    /// Done for some of what the command names, and not for the rest.
    case partlyDone = 6
    /// The server cannot be reached (EX_UNAVAILABLE of sysexits).
    case unreachable = 69
    /// A local file cannot be read or written (EX_IOERR).
    case localFile = 74
    /// The same may succeed later: the server's store failed, or another process has the profile
    /// (EX_TEMPFAIL).
    case tryAgainLater = 75
    /// The two sides speak different versions of the protocol (EX_PROTOCOL).
    case incompatible = 76
    /// Interrupted from the keyboard: 128 and the number of SIGINT.
    case interrupted = 130
}
