internal import Synchronization
package import SwiftProtobuf

/// The messages of one direction of a call, in order, as they come.
///
/// One task at a time may read it, and once. How much waits here is bounded by the credit that the
/// peer was given: credit goes back when a message is taken.
package final class MessageStream<Element: SwiftProtobuf.Message & Sendable>: AsyncSequence, Sendable {
    package typealias Failure = RPCError

    private struct State {
        var waiting: [(message: Element, cost: Int)] = []
        var next = 0
        var end: CallStatus?
        var reader: CheckedContinuation<Void, Never>?
        var consumed: (@Sendable (Int) -> Void)?
        var cancel: (@Sendable () -> Void)?
        var isAbandoned = false
    }

    private let state = Mutex(State())

    /// A stream without messages, not yet bound to a call.
    package init() {}

    /// Binds the stream to its call: where credit goes back to, and how to give the call up.
    package func bind(
        consumed: @escaping @Sendable (Int) -> Void, cancel: @escaping @Sendable () -> Void
    ) {
        let isAbandoned = state.withLock { state in
            state.consumed = consumed
            state.cancel = cancel
            return state.isAbandoned
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
    package func next() async throws(RPCError) -> Element? {
        while true {
            if let taken = try take() { return taken.message }
            if Task.isCancelled {
                abandon()
                throw RPCError(.cancelled, "the reader was cancelled")
            }
            await wait()
        }
    }

    private func take() throws(RPCError) -> (message: Element?, Void)? {
        let (result, cost, give) = state.withLock {
            state -> (Result<Element?, RPCError>?, Int, (@Sendable (Int) -> Void)?) in
            if state.next < state.waiting.count {
                let (message, cost) = state.waiting[state.next]
                state.next += 1
                if state.next == state.waiting.count {
                    state.waiting.removeAll(keepingCapacity: true)
                    state.next = 0
                }
                return (.success(message), cost, state.consumed)
            }
            guard let end = state.end else { return (nil, 0, nil) }
            return (end.error.map(Result.failure) ?? .success(nil), 0, nil)
        }
        guard let result else { return nil }
        give?(cost)
        return (try result.get(), ())
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumesNow = state.withLock { state in
                    guard state.next == state.waiting.count, state.end == nil, !Task.isCancelled
                    else { return true }
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
        let reader = state.withLock { state in
            let reader = state.reader
            state.reader = nil
            return reader
        }
        reader?.resume()
    }

    /// Gives the call up, because nobody reads on.
    package func abandon() {
        let cancel = state.withLock { state in
            state.isAbandoned = true
            return state.end == nil ? state.cancel : nil
        }
        cancel?()
    }

    /// Reads the messages of one stream.
    package struct Iterator: AsyncIteratorProtocol {
        let stream: MessageStream

        package mutating func next() async throws(RPCError) -> Element? {
            try await stream.next()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? {
            try await stream.next()
        }
    }
}

extension MessageStream: MessageReceiver {
    package func receive(_ bytes: RawSpan, cost: Int) {
        do {
            let message = try Element(serializedBytes: bytes, options: .untrusted)
            let reader = state.withLock { state in
                guard state.end == nil else { return CheckedContinuation<Void, Never>?.none }
                state.waiting.append((message, cost))
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume()
        } catch {
            finish(CallStatus(RPCError(.malformedMessage, "a message cannot be decoded")))
            state.withLock { $0.cancel }?()
        }
    }

    package func finish(_ status: CallStatus) {
        state.withLock { state in
            if state.end == nil { state.end = status }
        }
        wake()
    }
}
