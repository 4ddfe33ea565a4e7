internal import Glibc
internal import Synchronization

/// Why a terminal cannot be used.
public enum TerminalError: Error, Hashable, Sendable {
    /// Input or output is no terminal, or one that cannot move its cursor.
    case notInteractive
    /// The process already has its terminal open.
    case alreadyOpen
    /// The system refused, with its `errno`.
    case failed(code: Int32)
}

/// The terminal of the process, with a person at it.
///
/// While it is open the terminal is in raw mode and every key arrives as an event. It is put back
/// as it was by `close()`, at exit, when the process is told to end or is stopped, and on faults.
/// Only one can be open in a process, since the signals are the process's.
public final class Terminal: Sendable {
    /// Keys, changes of size, and the end.
    ///
    /// It finishes after `interrupted` and `closed`.
    ///
    /// For one consumer.
    public let events: AsyncStream<TerminalEvent>

    private let input: Int32
    private let output: Int32
    private let state: Mutex<State>

    private enum State {
        case open(BlockingThread)
        case closed
    }

    private static let isTaken = Atomic<Bool>(false)

    /// Whether a prompt can be shown: standard input and output are a terminal that is not dumb.
    public static func isInteractive(in environment: TerminalEnvironment) -> Bool {
        isTerminal(STDIN_FILENO) && isTerminal(STDOUT_FILENO) && !environment.isDumb
    }

    /// Whether a descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// The size of the terminal behind a descriptor; the usual one where it does not tell.
    public static func size(of descriptor: Int32) -> TerminalSize {
        var window = winsize()
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window)
        guard result == 0, window.ws_col > 0, window.ws_row > 0 else { return .usual }
        return TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }

    /// Opens the terminal of the process and begins to read from it.
    ///
    /// - Parameters:
    ///   - input: The descriptor to read keys from; standard input by default.
    ///   - output: The descriptor to write to; standard output by default.
    /// - Throws: `TerminalError` if it is no terminal, or already open.
    public init(
        input: Int32 = 0,
        output: Int32 = 1
    ) throws(TerminalError) {
        guard Self.isTerminal(input), Self.isTerminal(output) else { throw .notInteractive }
        guard !Self.isTaken.exchange(true, ordering: .sequentiallyConsistent) else {
            throw .alreadyOpen
        }
        self.input = input
        self.output = output
        let (stream, continuation) = AsyncStream.makeStream(
            of: TerminalEvent.self,
            bufferingPolicy: .bufferingOldest(TerminalReader.maximumBufferedEvents)
        )
        events = stream
        do throws(TerminalError) {
            let thread = try Self.startReading(input: input, output: output, continuation)
            state = Mutex(.open(thread))
        } catch {
            SavedTerminal.restore()
            Self.isTaken.store(false, ordering: .sequentiallyConsistent)
            throw error
        }
    }

    deinit {
        close()
    }

    /// The size of the terminal now.
    public var size: TerminalSize { Self.size(of: output) }

    /// Writes bytes that `Screen` made, all of them, before it returns.
    ///
    /// Does nothing once the terminal is closed.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        try state.withLock { state throws(OutputError) in
            switch state {
            case .open: try OutputWriter(descriptor: output).write(bytes)
            case .closed: break
            }
        }
    }

    /// Stops the process until its shell continues it, with the terminal as it was before.
    ///
    /// Hide the prompt first; `TerminalEvent.resumed` tells when to paint it again.
    public func suspend() {
        SignalRelay.post(UInt8(SIGTSTP))
    }

    /// Puts the terminal back as it was and ends the events.
    ///
    /// Once it returns, what is typed belongs to whoever reads next.
    public func close() {
        state.withLock { state in
            switch state {
            case .open(let thread):
                SignalRelay.uninstall()
                thread.wait()
                SavedTerminal.restore()
                Self.isTaken.store(false, ordering: .sequentiallyConsistent)
                state = .closed
            case .closed:
                break
            }
        }
    }

    /// Puts a terminal into raw mode and makes it mark pastes.
    static func prepare(input: Int32, output: Int32) throws(TerminalError) {
        try SavedTerminal.enterRawMode(input: input, output: output)
        do throws(OutputError) {
            try OutputWriter(descriptor: output).write(ControlSequence.bracketedPasteOn)
        } catch {
            throw .notInteractive
        }
    }

    private static func startReading(
        input: Int32,
        output: Int32,
        _ continuation: AsyncStream<TerminalEvent>.Continuation
    ) throws(TerminalError) -> BlockingThread {
        try prepare(input: input, output: output)
        let pipe = try SignalPipe()
        SignalRelay.install(writingTo: pipe.writingEnd)
        let reader = TerminalReader(
            input: input,
            output: output,
            signals: pipe,
            continuation: continuation
        )
        do throws(TerminalError) {
            return try BlockingThread {
                var reader = reader
                reader.run()
            }
        } catch {
            SignalRelay.uninstall()
            Glibc.close(pipe.readingEnd)
            throw error
        }
    }
}
