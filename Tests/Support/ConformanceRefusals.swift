internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// Calls that are refused, and the smallest thing that the refusal ends.
extension ConformanceCase {
    static let refusals: [ConformanceCase] = [
        ConformanceCase("unimplemented_method: an unknown method is refused") { bench in
            let method = Method(
                "docket.test.Interop/Absent",
                .unary,
                callers: Callers(.anyone),
                defaultTimeout: nil
            )
            let error = await failure { () async throws(RPCError) -> Docket_Test_Empty in
                try await bench.channel.unary(
                    method,
                    Docket_Test_Empty(),
                    options: CallOptions()
                )
            }
            #expect(error?.reason == .methodUnknown)
            #expect(error?.code == .unimplemented)
            #expect(error?.isNotProcessed == true)
        },
        ConformanceCase("unimplemented_service: an unknown service is refused") { bench in
            let error = await failure { () async throws(RPCError) in
                try await AbsentCaller(channel: bench.channel).call(Docket_Test_Empty())
            }
            #expect(error?.code == .unimplemented)
        },
        ConformanceCase("Nobody is told to sign in first") { bench in
            let error = await bench.callAgentsOnly()
            #expect(error?.reason == .unauthenticated)
            #expect(error?.isNotProcessed == true)
        },
        ConformanceCase("The wrong kind of caller finds no method") { bench in
            try await bench.signIn(as: .contact)
            #expect(await bench.callAgentsOnly()?.reason == .notFound)
        },
        ConformanceCase("Signing in raises what may be called, and is done once") { bench in
            try await bench.signIn(as: .agent)
            #expect(await bench.callAgentsOnly() == nil)
            let error = await failure { () async throws(RPCError) in
                try await bench.signIn(as: .contact)
            }
            #expect(error?.reason == .alreadySignedIn)
            #expect(await bench.callAgentsOnly() == nil)
        },
    ]

    static let messages: [ConformanceCase] = [
        ConformanceCase("A call at the limit passes and one byte more is refused", limits: small) {
            bench in
            let longest = Docket_Test_UnaryCallCall.encoded(length: bench.limits.maximumMessage)
            #expect(try await bench.caller.unaryCall(longest).received > 0)
            let longer = Docket_Test_UnaryCallCall.encoded(length: bench.limits.maximumMessage + 1)
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.unaryCall(longer)
            }
            #expect(error?.reason == .messageTooLarge)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A reply over the limit ends its call alone", limits: small) { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.unaryCall(
                    .with { $0.replySize = UInt32(bench.limits.maximumMessage) }
                )
            }
            #expect(error?.reason == .messageTooLarge)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A message over the limit ends its stream alone", limits: small) { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.streamingInputCall { (writer) async throws(RPCError) in
                    try await writer.write(.with { $0.payload = Data(count: 10) })
                    try await writer.write(
                        .with { $0.payload = Data(count: bench.limits.maximumMessage) }
                    )
                }
            }
            #expect(error?.reason == .messageTooLarge)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A malformed message is refused before anything happens") { bench in
            let (status, _) = await bench.call(InteropMethods.unaryCall, [[0xff, 0xff]])
            #expect(status.error?.reason == .malformedMessage)
            #expect(status.error?.isNotProcessed == true)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A malformed message in a stream ends the stream") { bench in
            let first = try encoded(Docket_Test_StreamingCall.asking(for: 5))
            let (status, _) = await bench.call(
                InteropMethods.fullDuplexCall,
                [first, [0xff, 0xff]]
            )
            #expect(status.error?.reason == .malformedMessage)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A text that is not UTF-8 is refused") { bench in
            let message: [UInt8] = [1 << 3 | 2, 2, 0xc3, 0x28]
            let (status, _) = await bench.call(InteropMethods.fail, [message])
            #expect(status.error?.reason == .invalidUtf8)
            #expect(status.error?.isNotProcessed == true)
            try await bench.expectGoesOn()
        },
        ConformanceCase("A method that takes one message refuses none") { bench in
            let (status, replies) = await bench.call(InteropMethods.emptyCall, [])
            #expect(status.error?.reason == .wrongMessageCount)
            #expect(status.error?.isNotProcessed == true)
            #expect(replies == 0)
        },
        ConformanceCase("A method that takes one message refuses two and does nothing") { bench in
            let message = try encoded(
                Docket_Test_SignInCall.with { $0.caller = UInt32(Caller.agent.rawValue) }
            )
            let (status, replies) = await bench.call(InteropMethods.signIn, [message, message])
            #expect(status.error?.reason == .wrongMessageCount)
            #expect(status.error?.isNotProcessed == true)
            #expect(replies == 0)
            #expect(await bench.callAgentsOnly()?.reason == .unauthenticated)
        },
        ConformanceCase("The one message may come apart from the beginning and the end") { bench in
            let (status, replies) = await bench.call(InteropMethods.emptyCall, [[]])
            #expect(status == CallStatus())
            #expect(replies == 1)
        },
    ]

    private static var small: ConformanceLimits {
        var limits = ConformanceLimits()
        limits.maximumMessage = 20_000
        return limits
    }
}

extension Docket_Test_UnaryCallCall {
    /// A call whose encoded form has so many bytes.
    fileprivate static func encoded(length: Int) -> Self {
        var call = Self()
        call.payload = Data(count: length)
        let excess = ((try? call.serializedBytes() as [UInt8])?.count ?? 0) - length
        call.payload = Data(count: length - excess)
        return call
    }
}

extension ConformanceCase.Bench {
    fileprivate func callAgentsOnly() async -> RPCError? {
        await failure { () async throws(RPCError) in
            try await caller.agentsOnly(Docket_Test_Empty())
        }
    }

    /// Expects the connection to be as good as before.
    fileprivate func expectGoesOn() async throws {
        _ = try await caller.emptyCall(Docket_Test_Empty())
    }

    /// Makes a call of messages that no caller would write, each sent apart from the others.
    ///
    /// Gives how it ended and how many replies came.
    fileprivate func call(
        _ method: Method,
        _ messages: [[UInt8]]
    ) async -> (status: CallStatus, replies: Int) {
        let receiver = RawReceiver()
        let call = channel.begin(
            method,
            options: CallOptions(),
            first: nil,
            ends: false,
            receiver: receiver
        )
        for message in messages {
            // A call that is over takes no further message; its status says why.
            try? await call.send(message)
        }
        call.end()
        return await receiver.result()
    }
}
