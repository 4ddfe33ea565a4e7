internal import Synchronization
package import SwiftProtobuf

/// A method together with the handler that serves it.
package protocol ServiceMethod: AnyObject, Sendable {
    /// What the method table says of it.
    var method: Method { get }
    /// Serves a call whose first message is there: starts the handler on the caller's executor.
    /// Gives the receiver of what follows, or nil when nothing may follow.
    func serve(_ call: any ServerCall, first: RawSpan, cost: Int) -> (any MessageReceiver)?
    /// Serves a call whose first message has not come yet. Gives the receiver of what follows.
    func serve(_ call: any ServerCall) -> any MessageReceiver
}

/// A handler of a method to which one message is sent.
///
/// `Input` is that message. The handler has ended the call when it returns, or throws.
package final class SingleInputMethod<Input: SwiftProtobuf.Message & Sendable>: ServiceMethod {
    /// Serves one call.
    package typealias Handler = @Sendable (Input, any ServerCall) async throws(RPCError) -> Void

    package let method: Method
    private let handler: Handler

    /// Couples a method with its handler.
    package init(_ method: Method, handler: @escaping Handler) {
        self.method = method
        self.handler = handler
    }

    package func serve(
        _ call: any ServerCall, first: RawSpan, cost: Int
    ) -> (any MessageReceiver)? {
        do {
            let input = try Input(serializedBytes: first, options: .untrusted)
            run(input, call)
        } catch {
            call.finish(CallStatus(.malformed(error)))
        }
        return nil
    }

    package func serve(_ call: any ServerCall) -> any MessageReceiver {
        SingleInputReceiver(method: self, call: call)
    }

    private func run(_ input: Input, _ call: any ServerCall) {
        let handler = handler
        call.run { () async throws(RPCError) in try await handler(input, call) }
    }
}

/// Waits for the one message of a call that came without it.
private final class SingleInputReceiver<Input: SwiftProtobuf.Message & Sendable>: MessageReceiver {
    private let method: SingleInputMethod<Input>
    private let call: any ServerCall
    private let hasStarted = Mutex(false)

    init(method: SingleInputMethod<Input>, call: any ServerCall) {
        self.method = method
        self.call = call
    }

    func receive(_ bytes: RawSpan, cost: Int) {
        let isFirst = hasStarted.withLock { started in
            defer { started = true }
            return !started
        }
        if isFirst {
            _ = method.serve(call, first: bytes, cost: cost)
        } else {
            call.finish(CallStatus(RPCError(.wrongMessageCount, "the method takes one message")))
        }
    }

    func finish(_ status: CallStatus) {
        guard !hasStarted.withLock({ $0 }) else { return }
        let missing = RPCError(
            .wrongMessageCount, "the method takes one message", isNotProcessed: true)
        call.finish(CallStatus(status.error ?? missing))
    }
}

/// A handler of a method to which any number of messages are sent.
///
/// The handler has ended the call when it returns, or throws.
package final class StreamInputMethod<Input: SwiftProtobuf.Message & Sendable>: ServiceMethod {
    /// Serves one call.
    package typealias Handler =
        @Sendable (MessageStream<Input>, any ServerCall) async throws(RPCError) -> Void

    package let method: Method
    private let handler: Handler

    /// Couples a method with its handler.
    package init(_ method: Method, handler: @escaping Handler) {
        self.method = method
        self.handler = handler
    }

    package func serve(
        _ call: any ServerCall, first: RawSpan, cost: Int
    ) -> (any MessageReceiver)? {
        let stream = serve(call)
        stream.receive(first, cost: cost)
        return stream
    }

    package func serve(_ call: any ServerCall) -> any MessageReceiver {
        let stream = MessageStream<Input>()
        // A handler that stops reading ends its call by returning, so there is nothing to cancel.
        stream.bind(consumed: { [weak call] in call?.consumed(cost: $0) }, cancel: {})
        let handler = handler
        call.run { () async throws(RPCError) in try await handler(stream, call) }
        return stream
    }
}

extension ServerCall {
    /// Starts a handler on the call's executor: at once when that is the caller's own, so that a
    /// handler which does not wait has answered when this returns.
    fileprivate func run(_ handler: @escaping @Sendable () async throws(RPCError) -> Void) {
        let task = Task.immediate(executorPreference: executor) {
            do throws(RPCError) {
                try await handler()
                if !self.isFinished { self.finish(CallStatus()) }
            } catch {
                self.finish(CallStatus(error))
            }
            self.handlerReturned()
        }
        if !isFinished { attach(task) }
    }
}

extension RPCError {
    /// The refusal of bytes that are not the method's message.
    static func malformed(_ error: any Error) -> RPCError {
        RPCError(.malformedMessage, "the message cannot be decoded", isNotProcessed: true)
    }
}

/// Sends the replies of a streaming call.
package struct ReplyWriter<Reply: SwiftProtobuf.Message & Sendable>: Sendable {
    private let call: any ServerCall

    /// A writer for a call.
    package init(call: any ServerCall) {
        self.call = call
    }

    /// Sends a reply and returns when the next one may be sent. Throws `cancelled` when the call is
    /// over.
    package func write(_ reply: Reply) async throws(RPCError) {
        try await call.send(encoded(reply))
    }

    /// Sends a reply that is encoded already, as one `Reply`.
    package func write(encoded reply: [UInt8]) async throws(RPCError) {
        try await call.send(reply)
    }
}

/// The bytes of a message. A message of ours has no required fields, so encoding fails only when it
/// is larger than protobuf allows (2 GiB), which no limit of ours lets it become.
package func encoded(_ message: some SwiftProtobuf.Message) throws(RPCError) -> [UInt8] {
    do {
        return try message.serializedBytes()
    } catch {
        throw RPCError(.serverError, "a message cannot be encoded: \(error)")
    }
}
