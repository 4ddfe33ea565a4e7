package import SwiftProtobuf
internal import Synchronization

/// The messages of one direction of a call, in order, as they come.
///
/// One task at a time may read it, and once. How much waits here is bounded by the credit that the
/// peer was given: credit goes back when a message is taken. A long message costs no more than its
/// last frame, so that the bytes that wait are bounded beside that. A caller that leaves its `for`
/// loop before the end gives the call up; one that never begins to read calls `abandon`.
package final class MessageStream<Element: SwiftProtobuf.Message & Sendable>: AsyncSequence,
    Sendable
{
    package typealias Failure = RPCError

    private typealias Reader = CheckedContinuation<Void, Never>

    private struct State {
        var waiting = Queue<(message: Element, cost: Int, length: Int)>()
        var waitingBytes = 0
        var end: CallStatus?
        var reader: Reader?
        var consumed: (@Sendable (Int) -> Void)?
        var cancel: (@Sendable () -> Void)?
        var isAbandoned = false

        /// Ends the stream, and lets go of its call: credit means nothing any longer.
        mutating func finish(_ status: CallStatus) {
            if end == nil { end = status }
            consumed = nil
            cancel = nil
        }
    }

    private let state = Mutex(State())
    private let maximumWaiting: Int

    /// A stream without messages, not yet bound to a call.
    ///
    /// A message beyond `maximumWaiting` bytes that nobody has read yet ends the stream with
    /// `too_many_incomplete_bytes`, unless it is the only one.
    package init(maximumWaiting: Int = .max) {
        self.maximumWaiting = maximumWaiting
    }

    /// Binds the stream to its call: where credit goes back to, and how to give the call up.
    package func bind(
        consumed: @escaping @Sendable (Int) -> Void,
        cancel: @escaping @Sendable () -> Void
    ) {
        let isAbandoned = state.withLock { state in
            guard !state.isAbandoned else { return true }
            guard state.end == nil else { return false }
            state.consumed = consumed
            state.cancel = cancel
            return false
        }
        if isAbandoned { cancel() }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(stream: self)
    }

    /// The trailers that followed the last message; empty while the call goes on.
    package var trailers: Metadata {
        state.withLock { $0.end?.trailers ?? [] }
    }

    /// The next message; nil after the last one.
    ///
    /// Throws why the call failed, and `cancelled` when the reader's task is cancelled: the call is
    /// then given up.
    package func next() async throws(RPCError) -> Element? {
        while true {
            if let taken = take() { return try taken.get() }
            if Task.isCancelled {
                abandon()
                throw RPCError(.cancelled, "the reader was cancelled")
            }
            await wait()
        }
    }

    /// Takes the first message or the end; nil when neither has come.
    private func take() -> Result<Element?, RPCError>? {
        let (result, cost, giveBack) = state.withLock {
            state -> (Result<Element?, RPCError>?, Int, (@Sendable (Int) -> Void)?) in
            if let (message, cost, length) = state.waiting.popFirst() {
                state.waitingBytes -= length
                return (.success(message), cost, state.consumed)
            }
            guard let end = state.end else { return (nil, 0, nil) }
            return (end.error.map(Result.failure) ?? .success(nil), 0, nil)
        }
        giveBack?(cost)
        return result
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumesNow = state.withLock { state in
                    guard state.waiting.isEmpty, state.end == nil, !Task.isCancelled
                    else { return true }
                    precondition(state.reader == nil, "two tasks read one stream")
                    state.reader = continuation
                    return false
                }
                if resumesNow { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }

    private func wake() {
        state.withLock { $0.reader.take() }?.resume()
    }

    /// Gives the call up, because nobody reads on.
    ///
    /// Nothing happens when the call is over.
    package func abandon() {
        let cancel = state.withLock { state in
            guard state.end == nil else { return (@Sendable () -> Void)?.none }
            state.isAbandoned = true
            return state.cancel
        }
        cancel?()
    }

    /// Reads the messages of one stream.
    ///
    /// When it goes away before the end, the call is given up.
    package struct Iterator: AsyncIteratorProtocol {
        /// Notices that nobody reads any longer.
        private final class Reading {
            let stream: MessageStream

            init(stream: MessageStream) {
                self.stream = stream
            }

            deinit {
                stream.abandon()
            }
        }

        private let reading: Reading

        init(stream: MessageStream) {
            reading = Reading(stream: stream)
        }

        package mutating func next() async throws(RPCError) -> Element? {
            try await reading.stream.next()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? {
            try await reading.stream.next()
        }
    }
}

extension MessageStream: MessageReceiver {
    package func receive(_ bytes: RawSpan, cost: Int) {
        guard hasRoom(for: bytes.byteCount) else {
            return fail(
                RPCError(.tooManyIncompleteBytes, "more is sent than the receiver has read")
            )
        }
        do {
            let message = try Element(serializedBytes: bytes, options: .untrusted)
            let length = bytes.byteCount
            let reader = state.withLock { state in
                guard state.end == nil else { return Reader?.none }
                state.waiting.append((message, cost, length))
                state.waitingBytes += length
                return state.reader.take()
            }
            reader?.resume()
        } catch {
            fail(.undecodable("a message", error))
        }
    }

    private func hasRoom(for length: Int) -> Bool {
        state.withLock { state in
            state.waiting.isEmpty || state.waitingBytes <= maximumWaiting - length
        }
    }

    /// Ends the stream because of what came, and gives the call up.
    private func fail(_ error: RPCError) {
        let cancel = state.withLock { state in
            let cancel = state.cancel
            state.isAbandoned = true
            state.finish(CallStatus(error))
            return cancel
        }
        cancel?()
        wake()
    }

    package func finish(_ status: CallStatus) {
        state.withLock { $0.finish(status) }
        wake()
    }
}
