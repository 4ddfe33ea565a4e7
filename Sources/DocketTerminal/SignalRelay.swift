internal import Glibc
internal import Synchronization

/// Brings signals to the thread that reads the terminal.
///
/// The handlers only write the signal's number into a pipe; everything else happens on that thread.
/// The exceptions are faults, after which no thread can be trusted: their handlers restore the
/// terminal themselves and then let the fault take its course.
enum SignalRelay {
    private static let relayed = [
        SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH,
    ]

    private static let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, SIGSYS]

    /// Signals above any number of Linux are never asked for.
    private static let highestSignal = 64

    private static let writingEnd = Atomic<Int32>(-1)

    /// What handled each signal before.
    ///
    /// Unsafe because handlers read it unlocked: an entry is written before the handler that reads
    /// it is installed.
    nonisolated(unsafe) private static let previous =
        UnsafeMutablePointer<sigaction>.allocate(capacity: highestSignal + 1)

    /// Installs the handlers.
    ///
    /// - Parameter descriptor: The end of the pipe that the handlers write to.
    static func install(writingTo descriptor: Int32) {
        writingEnd.store(descriptor, ordering: .sequentiallyConsistent)
        for number in relayed {
            handle(number) { SignalRelay.relay($0) }
        }
        for number in faults {
            handle(number) { SignalRelay.handleFault($0) }
        }
    }

    /// Gives every signal back to what handled it before, and closes the pipe's writing end, which
    /// ends the reading thread.
    static func uninstall() {
        for number in relayed + faults {
            unsafe sigaction(number, previous + Int(number), nil)
        }
        close(writingEnd.exchange(-1, ordering: .sequentiallyConsistent))
    }

    /// Lets a signal do what it did before the handlers were installed, on this thread and now.
    static func passOn(_ number: Int32) {
        unsafe sigaction(number, previous + Int(number), nil)
        raise(number)
        handle(number) { SignalRelay.relay($0) }
    }

    /// Writes a byte into the pipe; a full pipe already says that there is something to do.
    static func post(_ byte: UInt8) {
        var byte = byte
        _ = unsafe write(writingEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    }

    private static func handle(_ number: Int32, by handler: @convention(c) (Int32) -> Void) {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = handler
        unsafe sigaction(number, nil, previous + Int(number))
        unsafe sigaction(number, &action, nil)
    }

    private static func relay(_ number: Int32) {
        let code = errno
        post(UInt8(truncatingIfNeeded: number))
        errno = code
    }

    /// Restores the terminal and hands the fault to its previous handler, which runs as soon as
    /// this one returns: a faulting instruction is executed again, and a sent signal is pending.
    private static func handleFault(_ number: Int32) {
        SavedTerminal.restore()
        unsafe sigaction(number, previous + Int(number), nil)
        raise(number)
    }
}
