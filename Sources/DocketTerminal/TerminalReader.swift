internal import Glibc

/// The loop that waits for input and signals, on a thread of its own.
///
/// Events that the consumer has no room for wait here, and meanwhile no further input is read: a
/// flood fills the terminal's buffer, not memory.
struct TerminalReader {
    /// Events that may wait for the consumer.
    static let maximumBufferedEvents = 1024

    /// Bytes read at once.
    private static let chunkSize = 4096

    /// The time after which an event that found no room is offered again.
    private static let retryInterval = Duration.milliseconds(20)

    private let input: Int32
    private let output: Int32
    private let signals: SignalPipe
    private let continuation: AsyncStream<TerminalEvent>.Continuation

    private var decoder = KeyDecoder()
    private var waiting: [TerminalEvent] = []
    private var phase = Phase.reading

    private enum Phase {
        case reading
        /// The last event is on its way or delivered; only signals are still taken care of.
        case ended
        case stopped
    }

    init(
        input: Int32,
        output: Int32,
        signals: SignalPipe,
        continuation: AsyncStream<TerminalEvent>.Continuation
    ) {
        self.input = input
        self.output = output
        self.signals = signals
        self.continuation = continuation
    }

    /// Runs until the writing end of the signals is closed.
    mutating func run() {
        while phase != .stopped {
            step()
        }
        continuation.finish()
        Glibc.close(signals.readingEnd)
    }

    private mutating func step() {
        let readsInput = waiting.isEmpty && phase == .reading
        let timeout = waiting.isEmpty ? decoder.patience : Self.retryInterval
        var requests = [
            pollfd(fd: signals.readingEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readsInput ? input : -1, events: Int16(POLLIN), revents: 0),
        ]
        let ready = unsafe poll(&requests, nfds_t(requests.count), timeout.milliseconds)
        if requests[0].revents != 0 {
            receiveSignals()
        }
        if requests[1].revents != 0 && phase == .reading {
            receiveInput()
        }
        if ready == 0 && readsInput, let key = decoder.timedOut() {
            waiting.append(.key(key))
        }
        deliver()
    }

    private mutating func receiveInput() {
        switch Self.read(input, atMost: Self.chunkSize) {
        case .bytes(let bytes):
            waiting += decoder.decode(bytes).map(TerminalEvent.key)
        case .nothing:
            break
        case .end:
            end(with: .closed)
        }
    }

    private mutating func receiveSignals() {
        switch Self.read(signals.readingEnd, atMost: Self.chunkSize) {
        case .bytes(let bytes):
            for number in Set(bytes).sorted() {
                receive(signal: number)
            }
        case .nothing:
            break
        case .end:
            phase = .stopped
        }
    }

    private mutating func receive(signal number: UInt8) {
        switch Int32(number) {
        case SIGWINCH:
            waiting.append(.resized(Terminal.size(of: output)))
        case SIGTSTP:
            SavedTerminal.restore()
            SignalRelay.passOn(SIGTSTP)
            // A process without job control is not stopped and gets no SIGCONT.
            SignalRelay.post(UInt8(SIGCONT))
        case SIGCONT:
            resume()
        default:
            interrupt(Int32(number))
        }
    }

    /// Ends the terminal; a second signal ends the process, since nobody took care of the first.
    private mutating func interrupt(_ number: Int32) {
        SavedTerminal.restore()
        guard phase == .reading else { return SignalRelay.passOn(number) }
        end(with: .interrupted(signal: number))
    }

    private mutating func resume() {
        guard phase == .reading else { return }
        do {
            try Terminal.prepare(input: input, output: output)
            waiting.append(.resumed(Terminal.size(of: output)))
        } catch {
            end(with: .closed)
        }
    }

    private mutating func end(with event: TerminalEvent) {
        SavedTerminal.restore()
        phase = .ended
        waiting.append(event)
    }

    private mutating func deliver() {
        while let event = waiting.first {
            guard case .dropped = continuation.yield(event) else {
                waiting.removeFirst()
                continue
            }
            return
        }
        if phase == .ended {
            continuation.finish()
        }
    }

    private enum Outcome {
        case bytes([UInt8])
        case nothing
        case end
    }

    private static func read(_ descriptor: Int32, atMost count: Int) -> Outcome {
        var result = 0
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
            code = errno
            initialized = max(0, result)
        }
        if result > 0 {
            return .bytes(bytes)
        }
        return result < 0 && [EINTR, EAGAIN].contains(code) ? .nothing : .end
    }
}

extension Duration? {
    /// The timeout that `poll` takes: whole milliseconds, -1 for none.
    fileprivate var milliseconds: Int32 {
        guard let self else { return -1 }
        return Int32(clamping: Int64(self / .milliseconds(1)))
    }
}
