internal import Glibc

/// A pipe from signal handlers to the thread that acts on them; neither end ever blocks.
struct SignalPipe {
    let readingEnd: Int32
    let writingEnd: Int32

    /// Opens a pipe that child processes do not inherit.
    init() throws(TerminalError) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) { both in
                unsafe pipe(both)
            }
        }
        guard result == 0 else { throw .failed(code: errno) }
        (readingEnd, writingEnd) = ends
        for end in [readingEnd, writingEnd] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }
}
