internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// Calls whose handlers do not wait for what their replies are made of.
extension ConformanceCase {
    static let later: [ConformanceCase] = [
        ConformanceCase("A reply that is settled later, on any thread, reaches the caller") {
            bench in
            async let reply = bench.later(replySize: 7)
            await bench.observer.wait { $0.begun == 1 }
            bench.observer.settleAll()
            let size = try await reply.payload.count
            #expect(size == 7)
            #expect(bench.observer.sightings.ended == 1)
        },
        ConformanceCase("An error thrown while a later reply is made is what the caller gets") {
            bench in
            async let error = failure { () async throws(RPCError) in
                try await bench.later(replySize: LaterReply.refused)
            }
            await bench.observer.wait { $0.begun == 1 }
            bench.observer.settleAll()
            #expect(await error == LaterReply.refusal)
        },
        ConformanceCase("A handler that throws owes no later reply") { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.later(replySize: LaterReply.thrown)
            }
            #expect(error == LaterReply.refusal)
            #expect(bench.observer.sightings.begun == 0)
        },
        ConformanceCase("A reply that is settled before its handler returns comes too") { bench in
            let reply = try await bench.later(replySize: LaterReply.atOnce)
            #expect(reply == Docket_Test_UnaryCallReply())
        },
        ConformanceCase("A call that was given up takes no later reply, and others go on") {
            bench in
            let call = Task {
                await failure { () async throws(RPCError) in
                    try await bench.later(replySize: 7)
                }
            }
            await bench.observer.wait { $0.begun == 1 }
            call.cancel()
            #expect(await call.value?.reason == .cancelled)
            async let reply = bench.later(replySize: 8)
            await bench.observer.wait { $0.begun == 2 }
            bench.observer.settleAll()
            let size = try await reply.payload.count
            #expect(size == 8)
        },
        ConformanceCase("A call whose time is over before its later reply fails in time") { bench in
            async let error = failure { () async throws(RPCError) in
                try await bench.later(replySize: 7, timeout: .milliseconds(500))
            }
            await bench.observer.wait { $0.begun == 1 }
            #expect(await error?.reason == .deadlineExceeded)
            bench.observer.settleAll()
            _ = try await bench.caller.emptyCall(Docket_Test_Empty())
        },
        ConformanceCase("Many later replies that are settled at once all reach their callers") {
            bench in
            try await bench.signIn(as: .agent)
            let sizes = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for size in 1...UInt32(20) {
                    tasks.addTask { try await bench.later(replySize: size).payload.count }
                }
                await bench.observer.wait { $0.begun == 20 }
                bench.observer.settleAll()
                return try await tasks.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(sizes == Set(1...20))
        },
    ]
}

/// A method whose handler has its reply settled when the observer says so.
enum LaterReply {
    static let method = Method(
        "docket.test.Interop/ReplyLater",
        .unary,
        callers: Callers(.anyone),
        defaultTimeout: .seconds(300)
    )
    /// A call for so long a reply is refused when its reply is made.
    static let refused: UInt32 = 1 << 20
    /// A call for so long a reply is refused at once.
    static let thrown: UInt32 = 1 << 21
    /// A call for so long a reply is settled before its handler returns.
    static let atOnce: UInt32 = 1 << 22
    static let refusal = RPCError(.invalidArgument, "the handler's own")

    static func register(in router: inout Router, _ observer: InteropObserver) {
        router.unary(
            method,
            settledLater: {
                (
                    call: Docket_Test_UnaryCallCall,
                    _,
                    owed: OwedReply<Docket_Test_UnaryCallReply>
                ) throws(RPCError) in
                guard call.replySize != thrown else { throw refusal }
                if call.replySize == atOnce { return owed.settle { Docket_Test_UnaryCallReply() } }
                observer.settleLater {
                    owed.settle { () throws(RPCError) in
                        guard call.replySize != refused else { throw refusal }
                        observer.note { $0.ended += 1 }
                        return .with { $0.payload = Data(count: Int(call.replySize)) }
                    }
                }
            }
        )
    }
}

extension ConformanceCase.Bench {
    fileprivate func later(
        replySize: UInt32,
        timeout: Duration? = nil
    ) async throws(RPCError) -> Docket_Test_UnaryCallReply {
        try await channel.unary(
            LaterReply.method,
            Docket_Test_UnaryCallCall.with { $0.replySize = replySize },
            options: CallOptions(timeout: timeout)
        )
    }
}
