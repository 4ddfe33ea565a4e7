internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// The shapes of calls, with the names and the sizes of gRPC's interoperability tests
/// (doc/interop-test-descriptions.md of the gRPC project).
extension ConformanceCase {
    /// Sizes of messages from the client, in bytes.
    private static let callSizes = [27_182, 8, 1_828, 45_904]
    /// Sizes of replies, in bytes.
    private static let replySizes: [UInt32] = [31_415, 9, 2_653, 58_979]

    static let shapes: [ConformanceCase] = [
        ConformanceCase("empty_unary: a call without content is answered") { bench in
            let reply = try await bench.caller.emptyCall(Docket_Test_Empty())
            #expect(reply == Docket_Test_Empty())
        },
        ConformanceCase("large_unary: messages longer than the credit come over") { bench in
            let call = Docket_Test_UnaryCallCall.with {
                $0.payload = Data(count: 271_828)
                $0.replySize = 314_159
            }
            let reply = try await bench.caller.unaryCall(call)
            #expect(reply.received == 271_828)
            #expect(reply.payload.count == 314_159)
        },
        ConformanceCase("client_streaming: all messages reach the handler") { bench in
            let reply = try await bench.caller.streamingInputCall {
                (writer) async throws(RPCError) in
                for size in callSizes {
                    try await writer.write(.with { $0.payload = Data(count: size) })
                }
            }
            #expect(reply.messages == 4)
            #expect(reply.received == 74_922)
        },
        ConformanceCase("server_streaming: all replies reach the caller in order") { bench in
            let replies = try bench.caller.streamingOutputCall(.with { $0.replySizes = replySizes })
            var sizes: [UInt32] = []
            for try await reply in replies {
                #expect(reply.number == UInt32(sizes.count))
                sizes.append(UInt32(reply.payload.count))
            }
            #expect(sizes == replySizes)
        },
        ConformanceCase("ping_pong: messages go to and fro in one call") { bench in
            let call = bench.caller.fullDuplexCall()
            for (callSize, replySize) in zip(callSizes, replySizes) {
                try await call.writer.write(.asking(for: replySize, payload: callSize))
                let reply = try await call.replies.next()
                #expect(reply?.payload.count == Int(replySize))
            }
            call.writer.end()
            #expect(try await call.replies.next() == nil)
        },
        ConformanceCase("empty_stream: a stream without messages ends well") { bench in
            let call = bench.caller.fullDuplexCall()
            call.writer.end()
            let reply = try await call.replies.next()
            #expect(reply == nil)
        },
        ConformanceCase("A client's stream without messages is answered") { bench in
            let reply = try await bench.caller.streamingInputCall { _ in }
            #expect(reply.messages == 0)
        },
        ConformanceCase("A server's stream may be without replies") { bench in
            let replies = try bench.caller.streamingOutputCall(
                Docket_Test_StreamingOutputCallCall()
            )
            #expect(try await replies.next() == nil)
        },
    ]
}
