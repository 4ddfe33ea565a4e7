internal import Glibc

/// A thread for work that blocks, which the pool of the concurrency runtime must not do.
struct BlockingThread: Sendable {
    private let handle: pthread_t

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs the work on a new thread, whose end must be awaited with `wait()` once.
    init(_ body: @escaping @Sendable () -> Void) throws(TerminalError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let result = unsafe pthread_create(&handle, nil, Self.main, work.toOpaque())
        guard result == 0 else {
            unsafe work.release()
            throw .failed(code: result)
        }
        self.handle = handle
    }

    /// Waits for the end of the work.
    func wait() {
        _ = pthread_join(handle, nil)
    }

    /// Lets signals reach this thread, whatever its creator blocks.
    ///
    /// The threads of the concurrency runtime block all signals, and a new thread inherits that.
    private static func acceptSignals() {
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
        { context in
            if let context = unsafe context {
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                acceptSignals()
                work.body()
            }
            return nil
        }
}
