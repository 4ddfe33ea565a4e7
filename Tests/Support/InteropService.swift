package import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The service with which every transport is tested: its callers choose what it does.
package struct InteropServer: InteropService {
    /// What the handlers have done.
    package let observer: InteropObserver

    /// A service whose handlers tell `observer` what they do.
    package init(observer: InteropObserver = InteropObserver()) {
        self.observer = observer
    }

    /// A router with this service and the rules of access.
    package var router: Router {
        var router = Router()
        register(in: &router)
        LaterReply.register(in: &router, observer)
        return router
    }

    package func emptyCall(
        _ call: Docket_Test_Empty,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        Docket_Test_Empty()
    }

    package func unaryCall(
        _ call: Docket_Test_UnaryCallCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_UnaryCallReply {
        .with {
            $0.payload = Data(count: Int(call.replySize))
            $0.received = UInt64(call.payload.count)
            $0.metadata = context.metadata.map(Docket_Test_Entry.init)
        }
    }

    package func streamingOutputCall(
        _ call: Docket_Test_StreamingOutputCallCall,
        replies: ReplyWriter<Docket_Test_StreamingReply>,
        context: CallContext
    ) async throws(RPCError) {
        try await observed { () async throws(RPCError) in
            context.setTrailers(context.metadata)
            var numbers = ReplyNumbers()
            for size in call.replySizes {
                try await write(numbers.reply(size: size), to: replies)
            }
        }
    }

    package func streamingInputCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_StreamingInputCallReply {
        var reply = Docket_Test_StreamingInputCallReply()
        for try await call in calls {
            note(call)
            reply.received += UInt64(call.payload.count)
            reply.messages += 1
        }
        return reply
    }

    package func fullDuplexCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        replies: ReplyWriter<Docket_Test_StreamingReply>,
        context: CallContext
    ) async throws(RPCError) {
        try await observed { () async throws(RPCError) in
            context.setTrailers(context.metadata)
            var numbers = ReplyNumbers()
            for try await call in calls {
                note(call)
                for size in call.replySizes {
                    try await write(numbers.reply(size: size), to: replies)
                }
                if call.hasFailure { throw RPCError(call.failure) }
            }
        }
    }

    package func deafCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        replies: ReplyWriter<Docket_Test_StreamingReply>,
        context: CallContext
    ) async throws(RPCError) {
        try await observed { () async throws(RPCError) in
            var numbers = ReplyNumbers()
            var expected: UInt32 = 0
            for try await call in calls {
                note(call)
                guard call.number == expected else {
                    throw RPCError(.invalidArgument, "message \(call.number) is out of order")
                }
                expected += 1
                for size in call.replySizes {
                    try await write(numbers.reply(size: size), to: replies)
                }
            }
        }
    }

    package func sleepingCall(
        _ calls: MessageStream<Docket_Test_StreamingCall>,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await observed { () async throws(RPCError) in try await untilCancelled() }
        return Docket_Test_Empty()
    }

    package func sleep(
        _ call: Docket_Test_Empty,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        try await observed { () async throws(RPCError) in try await untilCancelled() }
        return Docket_Test_Empty()
    }

    package func fail(
        _ call: Docket_Test_FailCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        throw RPCError(call)
    }

    package func signIn(
        _ call: Docket_Test_SignInCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        guard let kind = UInt8(exactly: call.caller), let caller = Caller(rawValue: kind) else {
            throw RPCError(.invalidArgument, "there is no such caller")
        }
        let id = [UInt8](repeating: kind, count: 16)
        try context.connection.adopt(
            CallerIdentity(caller: caller, id: id, details: InteropDetails())
        )
        return Docket_Test_Empty()
    }

    package func agentsOnly(
        _ call: Docket_Test_Empty,
        context: CallContext
    ) async throws(RPCError) -> Docket_Test_Empty {
        Docket_Test_Empty()
    }

    // MARK: What handlers have in common

    /// Tells the observer how a handler begins and ends.
    private func observed(_ handler: () async throws(RPCError) -> Void) async throws(RPCError) {
        observer.note { $0.begun += 1 }
        defer {
            let isCancelled = Task.isCancelled
            observer.note { sightings in
                sightings.ended += 1
                if isCancelled { sightings.cancelled += 1 }
            }
        }
        try await handler()
    }

    private func note(_ call: Docket_Test_StreamingCall) {
        observer.note { $0.messages += 1 }
    }

    private func write(
        _ reply: Docket_Test_StreamingReply,
        to replies: ReplyWriter<Docket_Test_StreamingReply>
    ) async throws(RPCError) {
        try await replies.write(reply)
        observer.note { $0.replies += 1 }
    }

    /// Waits for nothing but the end of the call.
    private func untilCancelled() async throws(RPCError) {
        let (ends, continuation) = AsyncStream<Never>.makeStream()
        await withTaskCancellationHandler {
            for await _ in ends {}
        } onCancel: {
            continuation.finish()
        }
        throw RPCError(.cancelled, "the handler was cancelled")
    }
}

/// Numbers replies in the order in which they are made.
private struct ReplyNumbers {
    private var next: UInt32 = 0

    mutating func reply(size: UInt32) -> Docket_Test_StreamingReply {
        defer { next += 1 }
        return .with {
            $0.number = next
            $0.payload = Data(count: Int(size))
        }
    }
}

extension Docket_Test_Entry {
    /// An entry of metadata as a message.
    package init(_ entry: Metadatum) {
        self.init()
        key = entry.key
        value = Data(entry.value)
    }

    /// The entry of metadata in the message.
    package var metadatum: Metadatum {
        Metadatum(key: key, value: Array(value))
    }
}

extension RPCError {
    /// The failure that a caller asks for.
    package init(_ failure: Docket_Test_FailCall) {
        let trailers = failure.trailers.map(\.metadatum)
        if failure.reason.isEmpty {
            self.init(
                code: StatusCode(rawValue: failure.code) ?? .unknown,
                message: failure.message,
                trailers: trailers
            )
        } else {
            self.init(Reason(rawValue: failure.reason), failure.message, trailers: trailers)
        }
        isNotProcessed = failure.notProcessed
        if failure.retryAfterMilliseconds > 0 {
            retryAfter = .milliseconds(Int64(failure.retryAfterMilliseconds))
        }
    }
}

/// The interop service knows nothing more of an identity.
private final class InteropDetails: Sendable {}
