package import SwiftProtobuf
internal import Synchronization

extension CallChannel {
    /// Calls a method with one message each way.
    package func unary<Reply: SwiftProtobuf.Message & Sendable>(
        _ method: Method,
        _ message: some SwiftProtobuf.Message,
        options: CallOptions
    ) async throws(RPCError) -> Reply {
        try await unary(method, encoded: try encoded(message), options: options)
    }

    /// Calls a method with one message, which is encoded already, and gives the reply.
    ///
    /// A repetition of a command sends the same bytes this way.
    package func unary<Reply: SwiftProtobuf.Message & Sendable>(
        _ method: Method,
        encoded message: [UInt8],
        options: CallOptions
    ) async throws(RPCError) -> Reply {
        let receiver = SingleReplyReceiver<Reply>()
        let call = begin(
            method,
            options: options,
            first: message,
            ends: true,
            receiver: receiver
        )
        return try await receiver.result(of: call).get()
    }

    /// Calls a method with one message and gives the replies as they come.
    package func serverStreaming<Reply: SwiftProtobuf.Message & Sendable>(
        _ method: Method,
        _ message: some SwiftProtobuf.Message,
        options: CallOptions
    ) throws(RPCError) -> MessageStream<Reply> {
        let replies = MessageStream<Reply>()
        let call = begin(
            method,
            options: options,
            first: try encoded(message),
            ends: true,
            receiver: replies
        )
        replies.bind(
            consumed: { call.consumed(cost: $0) },
            cancel: { call.cancel() }
        )
        return replies
    }

    /// Calls a method with the messages that `send` writes; gives the one reply.
    ///
    /// The reply may come before everything has been written: then `send` is cancelled. An error
    /// that `send` throws gives the call up.
    package func clientStreaming<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        options: CallOptions,
        send: @escaping @Sendable (CallWriter<Input>) async throws(RPCError) -> Void
    ) async throws(RPCError) -> Reply {
        let receiver = SingleReplyReceiver<Reply>()
        let call = begin(method, options: options, first: nil, ends: false, receiver: receiver)
        async let failure = CallWriter(call: call).write(with: send)
        let result = await receiver.result(of: call)
        if case .failure(let error) = result, error.reason == .cancelled,
            let cause = await failure
        {
            throw cause
        }
        return try result.get()
    }

    /// Calls a method with any number of messages each way.
    package func bidirectional<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(_ method: Method, options: CallOptions) -> BidirectionalCall<Input, Reply> {
        let replies = MessageStream<Reply>()
        let call = begin(method, options: options, first: nil, ends: false, receiver: replies)
        replies.bind(
            consumed: { call.consumed(cost: $0) },
            cancel: { call.cancel() }
        )
        return BidirectionalCall(writer: CallWriter(call: call), replies: replies)
    }
}

/// Sends the messages of a call.
package struct CallWriter<Input: SwiftProtobuf.Message & Sendable>: Sendable {
    private let call: any ClientCall

    init(call: any ClientCall) {
        self.call = call
    }

    /// Sends a message and returns when the next one may be sent.
    ///
    /// Throws when the call is over, and gives it up when its task is cancelled while it waits.
    package func write(_ message: Input) async throws(RPCError) {
        try await call.send(encoded(message))
    }

    /// Says that no message follows.
    package func end() {
        call.end()
    }

    /// Gives the call up.
    package func cancel() {
        call.cancel()
    }

    /// Lets `send` write all messages, then says that none follows.
    ///
    /// Gives the call up when it throws, and says why.
    fileprivate func write(
        with send: @Sendable (CallWriter<Input>) async throws(RPCError) -> Void
    ) async -> RPCError? {
        do throws(RPCError) {
            try await send(self)
            call.end()
            return nil
        } catch {
            call.cancel()
            return error
        }
    }
}

/// A call with any number of messages each way.
package struct BidirectionalCall<
    Input: SwiftProtobuf.Message & Sendable,
    Reply: SwiftProtobuf.Message & Sendable
>: Sendable {
    /// Sends the messages.
    package let writer: CallWriter<Input>
    /// Gives the replies as they come.
    package let replies: MessageStream<Reply>
}

/// Waits for the one reply of a call.
private final class SingleReplyReceiver<Reply: SwiftProtobuf.Message & Sendable>: MessageReceiver {
    private struct State {
        var reply: Reply?
        var result: Result<Reply, RPCError>?
        var waiter: CheckedContinuation<Result<Reply, RPCError>, Never>?
    }

    private let state = Mutex(State())

    func receive(_ bytes: RawSpan, cost: Int) {
        do {
            let reply = try Reply(serializedBytes: bytes, options: .untrusted)
            let isSecond = state.withLock { state in
                defer { state.reply = reply }
                return state.reply != nil
            }
            if isSecond { settle(.failure(RPCError(.wrongMessageCount, "two replies came"))) }
        } catch {
            settle(.failure(.undecodable("the reply", error)))
        }
    }

    func finish(_ status: CallStatus) {
        if let error = status.error {
            settle(.failure(error))
        } else if let reply = state.withLock({ $0.reply }) {
            settle(.success(reply))
        } else {
            settle(.failure(RPCError(.wrongMessageCount, "no reply came")))
        }
    }

    private func settle(_ result: Result<Reply, RPCError>) {
        let waiter = state.withLock { state in
            guard state.result == nil else {
                return CheckedContinuation<Result<Reply, RPCError>, Never>?.none
            }
            state.result = result
            return state.waiter.take()
        }
        waiter?.resume(returning: result)
    }

    /// The call's result.
    ///
    /// Cancelling the task gives the call up.
    func result(of call: any ClientCall) async -> Result<Reply, RPCError> {
        let result = await withTaskCancellationHandler {
            await settled()
        } onCancel: {
            call.cancel()
        }
        // A reply that this side refused leaves the call under way; one that is over stays over.
        if case .failure = result { call.cancel() }
        return result
    }

    private func settled() async -> Result<Reply, RPCError> {
        await withCheckedContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiter = continuation }
                return state.result
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
