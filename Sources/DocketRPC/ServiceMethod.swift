package import SwiftProtobuf
internal import Synchronization

/// A method together with the handler that serves it.
package protocol ServiceMethod: AnyObject, Sendable {
    /// What the method table says of it.
    var method: Method { get }
    /// Serves a call whose first message is there; `ends` says that no other follows.
    ///
    /// Gives the receiver of what follows, or nil when nothing does: then nothing more is to be
    /// told.
    func serve(
        _ call: any ServerCall,
        first: RawSpan,
        cost: Int,
        ends: Bool
    ) -> (any MessageReceiver)?
    /// Serves a call whose first message has not come yet.
    ///
    /// Gives the receiver of what follows.
    func serve(_ call: any ServerCall) -> any MessageReceiver
}

/// A handler of a method to which one message is sent.
///
/// `Input` is that message. The handler starts when it is certain that the message is the only one,
/// so a call that is refused for its number of messages has had no effect. A handler has ended the
/// call when it returns, or throws, unless it owes a reply that is settled later.
package final class SingleInputMethod<Input: SwiftProtobuf.Message & Sendable>: ServiceMethod {
    /// Serves one call.
    package typealias Handler = @Sendable (Input, any ServerCall) async throws(RPCError) -> Void
    /// Serves one call without waiting for anything.
    package typealias PromptHandler = @Sendable (Input, any ServerCall) throws(RPCError) -> Void

    package let method: Method
    private let fingerprint: Router.Fingerprint?
    /// Starts the handler, and sees to it that the call ends with it.
    fileprivate let start: @Sendable (Input, any ServerCall) -> Void

    /// Couples a method with its handler, which starts on the call's executor: at once when that is
    /// the caller's own.
    ///
    /// The fingerprint of the message, if one is wished for, is kept in the call before that.
    package init(
        _ method: Method,
        fingerprint: Router.Fingerprint? = nil,
        handler: @escaping Handler
    ) {
        self.method = method
        self.fingerprint = fingerprint
        start = { input, call in
            call.handlerStarts()
            // One closure without layers: every call pays for each of them with memory.
            let task = Task.immediate(executorPreference: call.executor) {
                do throws(RPCError) {
                    try await handler(input, call)
                    call.conclude()
                } catch {
                    call.refuse(error)
                }
            }
            call.attach(task)
        }
    }

    /// Couples a method with a handler that never waits, and so needs no task.
    ///
    /// It runs on the thread that brings the message.
    package init(_ method: Method, prompt handler: @escaping PromptHandler) {
        self.method = method
        fingerprint = nil
        start = { input, call in
            call.handlerStarts()
            do throws(RPCError) {
                try handler(input, call)
                call.conclude()
            } catch {
                call.refuse(error)
            }
        }
    }

    /// Couples a method with a handler that does not wait for the answer and so needs no task: it
    /// sees to it that the call is settled later, unless it throws.
    ///
    /// It runs on the thread that brings the message.
    package init(
        _ method: Method,
        fingerprint: Router.Fingerprint?,
        settledLater handler: @escaping PromptHandler
    ) {
        self.method = method
        self.fingerprint = fingerprint
        start = { input, call in
            call.handlerStarts()
            do throws(RPCError) {
                try handler(input, call)
            } catch {
                call.refuse(error)
            }
        }
    }

    package func serve(
        _ call: any ServerCall,
        first: RawSpan,
        cost: Int,
        ends: Bool
    ) -> (any MessageReceiver)? {
        guard ends else {
            let receiver = serve(call)
            receiver.receive(first, cost: cost)
            return receiver
        }
        if let input = decode(first, for: call) { start(input, call) }
        return nil
    }

    package func serve(_ call: any ServerCall) -> any MessageReceiver {
        SingleInputReceiver(method: self, call: call)
    }

    /// Decodes the message; refuses the call when it is malformed.
    fileprivate func decode(_ bytes: RawSpan, for call: any ServerCall) -> Input? {
        do {
            let input = try Input(serializedBytes: bytes, options: .untrusted)
            if let fingerprint { call.keep(fingerprint: fingerprint(method, bytes)) }
            return input
        } catch {
            call.refuse(.undecodable("the message", error))
            return nil
        }
    }

}

/// Waits for the one message of a call, and for the certainty that it is the only one.
private final class SingleInputReceiver<Input: SwiftProtobuf.Message & Sendable>: MessageReceiver {
    /// How far the call has come.
    private enum State {
        /// No message has come.
        case empty
        /// The message has come.
        case complete(Input)
        /// The handler was started, or the call refused.
        case settled
    }

    private let method: SingleInputMethod<Input>
    private let call: any ServerCall
    private let state = Mutex(State.empty)

    init(method: SingleInputMethod<Input>, call: any ServerCall) {
        self.method = method
        self.call = call
    }

    func receive(_ bytes: RawSpan, cost: Int) {
        switch state.withLock({ $0 }) {
        case .empty:
            let input = method.decode(bytes, for: call)
            state.withLock { $0 = input.map(State.complete) ?? .settled }
        case .complete:
            state.withLock { $0 = .settled }
            call.refuse(.wrongNumberOfMessages)
        case .settled: break
        }
    }

    func finish(_ status: CallStatus) {
        let last = state.withLock { state in
            defer { state = .settled }
            return state
        }
        switch (last, status.error) {
        case (.complete(let input), nil): method.start(input, call)
        case (.empty, nil): call.refuse(.wrongNumberOfMessages)
        case (.complete, .some(let error)), (.empty, .some(let error)): call.refuse(error)
        case (.settled, _): break
        }
    }
}

/// How many bytes of messages a call holds that its handler has not read: four times the credit of
/// a stream, so that only who sends messages of many frames can reach it.
private let maximumUnread = 256 << 10

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
        _ call: any ServerCall,
        first: RawSpan,
        cost: Int,
        ends: Bool
    ) -> (any MessageReceiver)? {
        let messages = stream(for: call)
        messages.receive(first, cost: cost)
        if ends { messages.finish(CallStatus()) }
        run(messages, call)
        return ends ? nil : messages
    }

    package func serve(_ call: any ServerCall) -> any MessageReceiver {
        let messages = stream(for: call)
        run(messages, call)
        return messages
    }

    private func stream(for call: any ServerCall) -> MessageStream<Input> {
        let messages = MessageStream<Input>(maximumWaiting: maximumUnread)
        // A handler that stops reading ends its call by returning, so there is nothing to cancel.
        messages.bind(consumed: { [weak call] in call?.consumed(cost: $0) }, cancel: {})
        return messages
    }

    private func run(_ messages: MessageStream<Input>, _ call: any ServerCall) {
        call.handlerStarts()
        let task = Task.immediate(executorPreference: call.executor) { [handler] in
            do throws(RPCError) {
                try await handler(messages, call)
                call.conclude()
            } catch {
                call.refuse(error)
            }
        }
        call.attach(task)
    }
}

extension ServerCall {
    /// Ends a call whose handler has returned, if it has not ended it already.
    fileprivate func conclude() {
        if !isFinished { finish(CallStatus()) }
        handlerReturned()
    }

    /// Ends a call whose handler has thrown, or was not started.
    func refuse(_ error: RPCError) {
        finish(CallStatus(error))
        handlerReturned()
    }
}

extension RPCError {
    /// The refusal of no message, or of several, by a method that takes one.
    static var wrongNumberOfMessages: RPCError {
        RPCError(.wrongMessageCount, "the method takes one message")
    }
}

/// Sends the replies of a streaming call.
package struct ReplyWriter<Reply: SwiftProtobuf.Message & Sendable>: Sendable {
    private let call: any ServerCall

    /// A writer for a call.
    package init(call: any ServerCall) {
        self.call = call
    }

    /// Sends a reply and returns when the next one may be sent.
    ///
    /// Throws `cancelled` when the call is over.
    package func write(_ reply: Reply) async throws(RPCError) {
        try await call.send(encoded(reply))
    }

    /// Sends a reply that is encoded already, as one `Reply`.
    package func write(encoded reply: [UInt8]) async throws(RPCError) {
        try await call.send(reply)
    }
}

/// Reads a message that travels inside another.
///
/// - Throws: `malformed_message` or `invalid_utf8` for bytes that are none.
package func decoded<Message: SwiftProtobuf.Message>(
    _ bytes: some SwiftProtobufContiguousBytes
) throws(RPCError) -> Message {
    do {
        return try Message(serializedBytes: bytes, options: .untrusted)
    } catch {
        throw .undecodable("the message", error)
    }
}

/// The bytes of a message.
///
/// A message of ours has no required fields, so encoding fails only when it is larger than protobuf
/// allows (2 GiB), which no limit of ours lets it become. Equal messages have equal bytes, also
/// those with maps: a command that is repeated comes with the bytes it had.
package func encoded(_ message: some SwiftProtobuf.Message) throws(RPCError) -> [UInt8] {
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    do {
        return try message.serializedBytes(options: options)
    } catch {
        throw RPCError(.serverError, "a message cannot be encoded: \(error)")
    }
}
