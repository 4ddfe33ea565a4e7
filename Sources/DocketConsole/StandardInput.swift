internal import Dispatch
public import DocketCommandLine
internal import Glibc
internal import Synchronization

/// Lines of standard input, one when it is asked for.
///
/// What nobody asks for stays in the pipe, so a fast writer waits and fills no memory. Reading
/// blocks a thread of its own; a cancelled reader gets the end at once and the thread is left to
/// the end of the process.
public final class StandardInput: Sendable {
    /// Why a line cannot be read.
    public enum Fault: Error, Hashable, Sendable {
        /// The line is longer than `longestLine`.
        case lineTooLong
        /// The bytes are not UTF-8.
        case notUTF8
        /// The system refused, with its `errno`.
        case failed(code: Int32)
    }

    /// The longest line, in bytes: above the longest message that a server takes.
    public static let longestLine = 65_536
    /// Bytes read at once.
    private static let chunkSize = 65_536

    private enum Chunk {
        case bytes([UInt8])
        case end
        case failed(code: Int32)
    }

    private struct State {
        var buffer: [UInt8] = []
        var isAtEnd = false
        /// Whether what comes still belongs to a line that was too long.
        var isSkipping = false

        /// Drops the rest of a line that was too long, as far as it is here.
        mutating func skip(to lineEnd: UInt8) {
            guard isSkipping else { return }
            let end = buffer.firstIndex(of: lineEnd)
            buffer.removeFirst(end.map { $0 + 1 } ?? buffer.count)
            isSkipping = end == nil
        }
    }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "docket.input")
    private let state = Mutex(State())

    /// Reads from a descriptor, which stays the caller's.
    public init(descriptor: Int32 = 0) {
        self.descriptor = descriptor
    }

    /// The next line without its end; nil at the end of the input or when the task is cancelled.
    ///
    /// A line that is too long or no UTF-8 is passed over: whoever goes on gets the one behind it.
    public func line() async throws(Fault) -> String? {
        while !Task.isCancelled {
            if let line = try taken() { return line }
            guard !state.withLock({ $0.isAtEnd }) else { return nil }
            switch await chunk() {
            case .bytes(let bytes): state.withLock { $0.buffer += bytes }
            case .end: state.withLock { $0.isAtEnd = true }
            case .failed(let code): throw .failed(code: code)
            }
        }
        return nil
    }

    /// Everything up to the end of the input, without the line end behind its last line.
    ///
    /// Lines of other systems, which end with CR LF, end here as all others do.
    public func rest() async throws(Fault) -> String {
        while !state.withLock({ $0.isAtEnd }) {
            switch await chunk() {
            case .bytes(let bytes): state.withLock { $0.buffer += bytes }
            case .end: state.withLock { $0.isAtEnd = true }
            case .failed(let code): throw .failed(code: code)
            }
            guard state.withLock({ $0.buffer.count }) <= Self.longestLine else {
                throw .lineTooLong
            }
        }
        let text = try Self.text(state.withLock { $0.buffer }).replacing("\r\n", with: "\n")
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Bytes as text: never with something in the place of what is not UTF-8, which nobody wrote.
    private static func text(_ bytes: some Collection<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// Takes a line off the buffer; the last one may lack its end.
    private func taken() throws(Fault) -> String? {
        try state.withLock { state throws(Fault) in
            state.skip(to: Self.lineEnd)
            let end = state.buffer.firstIndex(of: Self.lineEnd)
            guard (end ?? state.buffer.count) <= Self.longestLine else {
                state.isSkipping = true
                throw .lineTooLong
            }
            guard let end = end ?? (state.isAtEnd ? state.buffer.count : nil),
                !state.buffer.isEmpty
            else { return nil }
            defer { state.buffer.removeFirst(min(end + 1, state.buffer.count)) }
            return try Self.text(Self.firstLine(of: state.buffer[...]))
        }
    }

    private static let lineEnd = UInt8(ascii: "\n")

    /// The first line of a text's bytes: up to the first LF, without a CR at its end.
    ///
    /// No other character ends a line.
    public static func firstLine(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let line = bytes.prefix { $0 != lineEnd }
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private func chunk() async -> Chunk {
        let waiting = OneReader()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.begin(continuation)
                queue.async { waiting.end(with: self.read()) }
            }
        } onCancel: {
            waiting.end(with: .end)
        }
    }

    private func read() -> Chunk {
        var bytes = [UInt8](repeating: 0, count: Self.chunkSize)
        while true {
            let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 { return .bytes(Array(bytes.prefix(count))) }
            if count == 0 { return .end }
            guard errno == EINTR else { return .failed(code: errno) }
        }
    }

    /// Resumes the one who waits for a chunk once, by the chunk or by being cancelled.
    private final class OneReader: Sendable {
        private enum State {
            case unused
            case waiting(CheckedContinuation<Chunk, Never>)
            case over(Chunk)
        }

        private let state = Mutex(State.unused)

        func begin(_ continuation: CheckedContinuation<Chunk, Never>) {
            let early = state.withLock { state -> Chunk? in
                if case .over(let chunk) = state { return chunk }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }

        func end(with chunk: Chunk) {
            let continuation = state.withLock { state -> CheckedContinuation<Chunk, Never>? in
                defer { state = .over(chunk) }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            continuation?.resume(returning: chunk)
        }
    }
}

extension StandardInput.Fault: CommandEnding {
    /// What a command tells that cannot read its standard input.
    public var failure: CommandFailure {
        switch self {
        case .lineTooLong:
            let limit = StandardInput.longestLine
            return CommandFailure(
                "standard input has more than \(limit) bytes at once",
                status: .localFile
            )
        case .notUTF8:
            return CommandFailure(
                "standard input is not UTF-8 text",
                advice: "Convert it first, for instance: iconv -f latin1 -t utf-8",
                status: .localFile
            )
        case .failed(let code):
            let words = CommandFailure.words(for: code)
            return CommandFailure("cannot read standard input: \(words)", status: .localFile)
        }
    }
}
