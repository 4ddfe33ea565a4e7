import DocketRPC
import DocketTestSupport
import DocketTransport
import FoundationEssentials
import SwiftProtobuf
import Testing

@Suite("Writers of a call")
struct WriterTests {
    @Test("may be several tasks of a caller, which wait for credit at once")
    func callers() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            let reply = try await client.interop.streamingInputCall {
                (writer) async throws(RPCError) in
                async let first = failure { () async throws(RPCError) in
                    try await Self.write(100, to: writer)
                }
                async let second = failure { () async throws(RPCError) in
                    try await Self.write(100, to: writer)
                }
                for error in await [first, second] { #expect(error == nil) }
            }
            #expect(reply.messages == 200)
            client.close()
        }
    }

    private static func write(
        _ count: Int,
        to writer: CallWriter<Docket_Test_StreamingCall>
    ) async throws(RPCError) {
        for _ in 0..<count { try await writer.write(.with { $0.payload = Data(count: 4_096) }) }
    }

    @Test("may be several tasks of a handler, which wait for credit at once")
    func handlers() async throws {
        let method = Method(
            "docket.test.Writers/Two",
            .serverStreaming,
            callers: Callers(.anyone),
            defaultTimeout: nil
        )
        var router = Router()
        router.serverStreaming(method) {
            (
                _: Docket_Test_Empty,
                replies: ReplyWriter<Docket_Test_StreamingReply>,
                _
            )
                async throws(RPCError) in
            async let first = failure { () async throws(RPCError) in
                try await Self.reply(100, to: replies)
            }
            async let second = failure { () async throws(RPCError) in
                try await Self.reply(100, to: replies)
            }
            for error in await [first, second] { #expect(error == nil) }
        }
        try await TransportBench.run(router: router) { bench in
            let client = try await bench.connect()
            let replies: MessageStream<Docket_Test_StreamingReply> = try client.serverStreaming(
                method,
                Docket_Test_Empty(),
                options: CallOptions()
            )
            var count = 0
            while try await replies.next() != nil { count += 1 }
            #expect(count == 200)
            client.close()
        }
    }

    private static func reply(
        _ count: Int,
        to replies: ReplyWriter<Docket_Test_StreamingReply>
    ) async throws(RPCError) {
        for _ in 0..<count { try await replies.write(.with { $0.payload = Data(count: 4_096) }) }
    }

    @Test("give the call up when their task is cancelled while they wait")
    func cancelled() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            let call = client.interop.fullDuplexCall()
            await bench.observer.wait { $0.begun == 1 }
            // Replies that nobody reads stop the handler, and then its reading of messages.
            let writing = Task {
                await failure { () async throws(RPCError) in
                    while true { try await call.writer.write(.asking(for: 4_096, payload: 4_096)) }
                }
            }
            await bench.observer.wait { $0.replies >= 15 }
            writing.cancel()
            #expect(await writing.value?.reason == .cancelled)
            await bench.observer.wait { $0.cancelled == 1 }
            client.close()
        }
    }
}

extension Docket_Test_StreamingCall {
    /// A message that asks for one reply.
    fileprivate static func asking(for reply: UInt32, payload: Int) -> Self {
        .with {
            $0.payload = Data(count: payload)
            $0.replySizes = [reply]
        }
    }
}
