internal import Glibc
internal import Synchronization

/// The signals of a server that has not yet begun to listen for them.
///
/// A service manager may reload or end a server in its first milliseconds. A hang-up has nothing to
/// reload yet; whoever wants the end gets it as soon as the server could serve, with everything
/// closed in order.
enum StartSignals {
    /// Whether the end was asked for.
    static let isToldToEnd = Atomic(false)

    /// Takes the signals from their default, which is the end of the process.
    static func take() {
        // Made now: a handler must not be the first to need it.
        isToldToEnd.store(false, ordering: .relaxed)
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGHUP, SIG_IGN)
        for number in [SIGTERM, SIGINT] {
            _ = signal(number) { _ in StartSignals.isToldToEnd.store(true, ordering: .relaxed) }
        }
    }
}
