internal import Glibc

/// The signals of a server that has not yet begun to listen for them.
///
/// A service manager may reload or end a server in its first milliseconds. What comes then waits
/// until the server listens, which it does before it makes anything: nothing is lost, whoever asks
/// for the end gets it, and everything is closed in order.
enum StartSignals {
    /// Lets the signals wait, from now on, in this thread and all that it makes.
    ///
    /// Call it on the first thread, before there is another one.
    static func hold() {
        _ = signal(SIGPIPE, SIG_IGN)
        var held = sigset_t()
        _ = unsafe sigemptyset(&held)
        for (number, _) in ServerEvents.signals {
            _ = unsafe sigaddset(&held, number)
        }
        _ = unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
    }
}
