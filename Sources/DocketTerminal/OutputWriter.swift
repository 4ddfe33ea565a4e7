internal import Glibc

/// Why nothing more can be written.
public enum OutputError: Error, Hashable, Sendable {
    /// Nobody reads any more: the pipe was closed or the terminal is gone.
    ///
    /// The program ends quietly.
    case closed
    /// The system refused, with its `errno`.
    case failed(code: Int32)
}

/// Writes to a descriptor until all is written.
///
/// Creating one makes the process ignore SIGPIPE, so that a reader who leaves is an error of the
/// next write, not the death of the process.
public struct OutputWriter: Sendable {
    private let descriptor: Int32

    /// Standard output.
    public static let standard = OutputWriter(descriptor: STDOUT_FILENO)
    /// Standard error.
    public static let standardError = OutputWriter(descriptor: STDERR_FILENO)

    /// Creates a writer; the descriptor stays the caller's.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Writes text as UTF-8.
    public func write(_ text: String) throws(OutputError) {
        try write(Array(text.utf8))
    }

    /// Writes a safe text and a newline.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - styled: Whether its emphasis and colours are written, which only a terminal understands.
    /// - Throws: `OutputError` if nothing more can be written.
    public func writeLine(_ text: TerminalText, styled: Bool = false) throws(OutputError) {
        try write((styled ? text.encoded(colours: true) : text.plainText) + "\n")
    }

    /// Writes all bytes, waiting where the descriptor is full.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let (count, code) = unsafe bytes[written...].withUnsafeBytes { rest in
                (unsafe Glibc.write(descriptor, rest.baseAddress, rest.count), errno)
            }
            if count >= 0 {
                written += count
            } else {
                try recover(from: code)
            }
        }
    }

    /// Returns once it is worth to try again.
    private func recover(from code: Int32) throws(OutputError) {
        switch code {
        case EINTR:
            break
        case EAGAIN:
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&request, 1, -1)
        case EPIPE, EIO, ENXIO:
            throw .closed
        default:
            throw .failed(code: code)
        }
    }
}
