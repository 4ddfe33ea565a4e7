// Made from interop.proto by protoc-gen-docket; do not edit.

package import DocketRPC

/// The methods of `docket.test.Interop`.
package enum InteropMethods {
    /// Answers with nothing.
    package static let emptyCall = Method(
        "docket.test.Interop/EmptyCall", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Answers with a payload of the size asked for, and tells the metadata that came.
    package static let unaryCall = Method(
        "docket.test.Interop/UnaryCall", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Answers with payloads of the sizes asked for, in their order. The call's metadata comes
    /// back as trailers.
    package static let streamingOutputCall = Method(
        "docket.test.Interop/StreamingOutputCall", .serverStreaming,
        callers: Callers(.anyone),
        defaultTimeout: nil)
    /// Answers with the sum of the sizes of all payloads.
    package static let streamingInputCall = Method(
        "docket.test.Interop/StreamingInputCall", .clientStreaming,
        callers: Callers(.anyone),
        defaultTimeout: nil)
    /// Answers every message at once, as the message asks. The call's metadata comes back as
    /// trailers.
    package static let fullDuplexCall = Method(
        "docket.test.Interop/FullDuplexCall", .bidirectional,
        callers: Callers(.anyone),
        defaultTimeout: nil)
    /// Sends as many replies as the first message asks for, and reads no further message before the
    /// last of them is on its way.
    package static let deafCall = Method(
        "docket.test.Interop/DeafCall", .bidirectional,
        callers: Callers(.anyone),
        defaultTimeout: nil)
    /// Reads nothing and does not answer before the call is cancelled or its time is over.
    package static let sleepingCall = Method(
        "docket.test.Interop/SleepingCall", .clientStreaming,
        callers: Callers(.anyone),
        defaultTimeout: nil)
    /// Does not answer before the call is cancelled or its time is over.
    package static let sleep = Method(
        "docket.test.Interop/Sleep", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Fails as the caller asks.
    package static let fail = Method(
        "docket.test.Interop/Fail", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Signs the connection in as somebody of the kind asked for.
    package static let signIn = Method(
        "docket.test.Interop/SignIn", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Answers agents with nothing.
    package static let agentsOnly = Method(
        "docket.test.Interop/AgentsOnly", .unary,
        callers: Callers(.agent),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [emptyCall, unaryCall, streamingOutputCall, streamingInputCall, fullDuplexCall, deafCall, sleepingCall, sleep, fail, signIn, agentsOnly]
}

/// Methods of every shape, whose behaviour the caller chooses.
package protocol InteropService: Sendable {
    /// Answers with nothing.
    func emptyCall(
        _ call: Docket_Test_Empty, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
    /// Answers with a payload of the size asked for, and tells the metadata that came.
    func unaryCall(
        _ call: Docket_Test_UnaryCallCall, context: CallContext
    ) async throws(RPCError) -> Docket_Test_UnaryCallReply
    /// Answers with payloads of the sizes asked for, in their order. The call's metadata comes
    /// back as trailers.
    func streamingOutputCall(
        _ call: Docket_Test_StreamingOutputCallCall, replies: ReplyWriter<Docket_Test_StreamingReply>,
        context: CallContext
    ) async throws(RPCError)
    /// Answers with the sum of the sizes of all payloads.
    func streamingInputCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>, context: CallContext
    ) async throws(RPCError) -> Docket_Test_StreamingInputCallReply
    /// Answers every message at once, as the message asks. The call's metadata comes back as
    /// trailers.
    func fullDuplexCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        replies: ReplyWriter<Docket_Test_StreamingReply>, context: CallContext
    ) async throws(RPCError)
    /// Sends as many replies as the first message asks for, and reads no further message before the
    /// last of them is on its way.
    func deafCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        replies: ReplyWriter<Docket_Test_StreamingReply>, context: CallContext
    ) async throws(RPCError)
    /// Reads nothing and does not answer before the call is cancelled or its time is over.
    func sleepingCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
    /// Does not answer before the call is cancelled or its time is over.
    func sleep(
        _ call: Docket_Test_Empty, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
    /// Fails as the caller asks.
    func fail(
        _ call: Docket_Test_FailCall, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
    /// Signs the connection in as somebody of the kind asked for.
    func signIn(
        _ call: Docket_Test_SignInCall, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
    /// Answers agents with nothing.
    func agentsOnly(
        _ call: Docket_Test_Empty, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
}

extension InteropService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(InteropMethods.emptyCall) {
            (call, context) async throws(RPCError) in
            try await self.emptyCall(call, context: context)
        }
        router.unary(InteropMethods.unaryCall) {
            (call, context) async throws(RPCError) in
            try await self.unaryCall(call, context: context)
        }
        router.serverStreaming(InteropMethods.streamingOutputCall) {
            (call, replies, context) async throws(RPCError) in
            try await self.streamingOutputCall(call, replies: replies, context: context)
        }
        router.clientStreaming(InteropMethods.streamingInputCall) {
            (calls, context) async throws(RPCError) in
            try await self.streamingInputCall(calls, context: context)
        }
        router.bidirectional(InteropMethods.fullDuplexCall) {
            (calls, replies, context) async throws(RPCError) in
            try await self.fullDuplexCall(calls, replies: replies, context: context)
        }
        router.bidirectional(InteropMethods.deafCall) {
            (calls, replies, context) async throws(RPCError) in
            try await self.deafCall(calls, replies: replies, context: context)
        }
        router.clientStreaming(InteropMethods.sleepingCall) {
            (calls, context) async throws(RPCError) in
            try await self.sleepingCall(calls, context: context)
        }
        router.unary(InteropMethods.sleep) {
            (call, context) async throws(RPCError) in
            try await self.sleep(call, context: context)
        }
        router.unary(InteropMethods.fail) {
            (call, context) async throws(RPCError) in
            try await self.fail(call, context: context)
        }
        router.unary(InteropMethods.signIn) {
            (call, context) async throws(RPCError) in
            try await self.signIn(call, context: context)
        }
        router.unary(InteropMethods.agentsOnly) {
            (call, context) async throws(RPCError) in
            try await self.agentsOnly(call, context: context)
        }
    }
}

/// Calls the methods of `docket.test.Interop`.
package struct InteropCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Answers with nothing.
    package func emptyCall(
        _ call: Docket_Test_Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(InteropMethods.emptyCall, call, options: options)
    }

    /// Answers with a payload of the size asked for, and tells the metadata that came.
    package func unaryCall(
        _ call: Docket_Test_UnaryCallCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_UnaryCallReply {
        try await channel.unary(InteropMethods.unaryCall, call, options: options)
    }

    /// Answers with payloads of the sizes asked for, in their order. The call's metadata comes
    /// back as trailers.
    package func streamingOutputCall(
        _ call: Docket_Test_StreamingOutputCallCall, options: CallOptions = CallOptions()
    ) throws(RPCError) -> MessageStream<Docket_Test_StreamingReply> {
        try channel.serverStreaming(InteropMethods.streamingOutputCall, call, options: options)
    }

    /// Answers with the sum of the sizes of all payloads.
    package func streamingInputCall(
        options: CallOptions = CallOptions(),
        send: @escaping @Sendable (
            CallWriter<Docket_Test_StreamingCall>
        ) async throws(RPCError) -> Void
    ) async throws(RPCError) -> Docket_Test_StreamingInputCallReply {
        try await channel.clientStreaming(
            InteropMethods.streamingInputCall, options: options, send: send)
    }

    /// Answers every message at once, as the message asks. The call's metadata comes back as
    /// trailers.
    package func fullDuplexCall(
        options: CallOptions = CallOptions()
    ) -> BidirectionalCall<Docket_Test_StreamingCall, Docket_Test_StreamingReply> {
        channel.bidirectional(InteropMethods.fullDuplexCall, options: options)
    }

    /// Sends as many replies as the first message asks for, and reads no further message before the
    /// last of them is on its way.
    package func deafCall(
        options: CallOptions = CallOptions()
    ) -> BidirectionalCall<Docket_Test_StreamingCall, Docket_Test_StreamingReply> {
        channel.bidirectional(InteropMethods.deafCall, options: options)
    }

    /// Reads nothing and does not answer before the call is cancelled or its time is over.
    package func sleepingCall(
        options: CallOptions = CallOptions(),
        send: @escaping @Sendable (
            CallWriter<Docket_Test_StreamingCall>
        ) async throws(RPCError) -> Void
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.clientStreaming(
            InteropMethods.sleepingCall, options: options, send: send)
    }

    /// Does not answer before the call is cancelled or its time is over.
    package func sleep(
        _ call: Docket_Test_Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(InteropMethods.sleep, call, options: options)
    }

    /// Fails as the caller asks.
    package func fail(
        _ call: Docket_Test_FailCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(InteropMethods.fail, call, options: options)
    }

    /// Signs the connection in as somebody of the kind asked for.
    package func signIn(
        _ call: Docket_Test_SignInCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(InteropMethods.signIn, call, options: options)
    }

    /// Answers agents with nothing.
    package func agentsOnly(
        _ call: Docket_Test_Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(InteropMethods.agentsOnly, call, options: options)
    }
}

/// The methods of `docket.test.Absent`.
package enum AbsentMethods {
    /// Is never answered.
    package static let call = Method(
        "docket.test.Absent/Call", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [call]
}

/// A service that is never registered.
package protocol AbsentService: Sendable {
    /// Is never answered.
    func call(
        _ call: Docket_Test_Empty, context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty
}

extension AbsentService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(AbsentMethods.call) {
            (call, context) async throws(RPCError) in
            try await self.call(call, context: context)
        }
    }
}

/// Calls the methods of `docket.test.Absent`.
package struct AbsentCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Is never answered.
    package func call(
        _ call: Docket_Test_Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await channel.unary(AbsentMethods.call, call, options: options)
    }
}
