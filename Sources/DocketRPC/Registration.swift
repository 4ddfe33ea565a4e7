package import SwiftProtobuf

extension Router {
    /// Adds a method with one message each way.
    package mutating func unary<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        _ handler: @escaping @Sendable (Input, CallContext) async throws(RPCError) -> Reply
    ) {
        register(
            SingleInputMethod<Input>(method, fingerprint: fingerprint(of: method)) {
                (input, call) async throws(RPCError) in
                let reply = try await handler(input, call.context)
                call.finish(reply: try encoded(reply))
            }
        )
    }

    /// Adds a method with one message each way whose handler never waits.
    package mutating func promptUnary<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        _ handler: @escaping @Sendable (Input, CallContext) throws(RPCError) -> Reply
    ) {
        register(
            SingleInputMethod<Input>(
                method,
                prompt: { (input, call) throws(RPCError) in
                    call.finish(reply: try encoded(try handler(input, call.context)))
                }
            )
        )
    }

    /// Adds a method with one message each way whose handler does not wait for what its reply is
    /// made of.
    ///
    /// A task for a call costs more than most handlers do.
    package mutating func unary<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        settledLater handler:
            @escaping @Sendable (
                Input, CallContext, OwedReply<Reply>
            ) throws(RPCError) -> Void
    ) {
        register(
            SingleInputMethod<Input>(
                method,
                fingerprint: fingerprint(of: method),
                settledLater: { (input, call) throws(RPCError) in
                    try handler(input, call.context, OwedReply(to: call))
                }
            )
        )
    }

    /// Adds a method with one message to the server and any number back.
    package mutating func serverStreaming<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        _ handler:
            @escaping @Sendable (
                Input, ReplyWriter<Reply>, CallContext
            ) async throws(RPCError) -> Void
    ) {
        register(
            SingleInputMethod<Input>(method) { (input, call) async throws(RPCError) in
                try await handler(input, ReplyWriter(call: call), call.context)
            }
        )
    }

    /// Adds a method with any number of messages to the server and one back.
    package mutating func clientStreaming<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        _ handler:
            @escaping @Sendable (
                MessageStream<Input>, CallContext
            ) async throws(RPCError) -> Reply
    ) {
        register(
            StreamInputMethod<Input>(method) { (messages, call) async throws(RPCError) in
                let reply = try await handler(messages, call.context)
                call.finish(reply: try encoded(reply))
            }
        )
    }

    /// Adds a method with any number of messages each way.
    package mutating func bidirectional<
        Input: SwiftProtobuf.Message & Sendable,
        Reply: SwiftProtobuf.Message & Sendable
    >(
        _ method: Method,
        _ handler:
            @escaping @Sendable (
                MessageStream<Input>, ReplyWriter<Reply>, CallContext
            ) async throws(RPCError) -> Void
    ) {
        register(
            StreamInputMethod<Input>(method) { (messages, call) async throws(RPCError) in
                try await handler(messages, ReplyWriter(call: call), call.context)
            }
        )
    }
}
