import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import Testing

@Suite("Messages that have begun and do not end")
struct UnfinishedMessageTests {
    /// A HELLO, an OPEN, and the beginning of its message with so many bytes.
    private static func beginning(of bytes: Int, token: [UInt8] = []) -> [Frame] {
        var greeting = Greeting()
        greeting.token = token
        let stream = StreamID(rawValue: 1)
        let part = ByteBuffer(repeating: 1, count: bytes)
        return [
            greeting.frame, .open(1, InteropMethods.unaryCall.hash, message: nil),
            Frame(.message, flags: .more, stream: stream, payload: part),
        ]
    }

    private static func reasons(_ frames: [Frame]) -> [Reason] {
        frames.filter { $0.kind == .status }.compactMap { frame in
            CallStatus(bytes: frame.payload.readableBytesSpan).error?.reason
        }
    }

    @Test("end on all connections for whoever holds the most of them, and nobody else")
    func greatestHolder() async throws {
        var limits = Limits()
        limits.unfinishedMessagesInAll = 10_000
        try await TransportBench.run(limits: limits) { bench in
            let greedy = try await bench.connectRaw()
            for frame in Self.beginning(of: 8_000) { greedy.send(frame) }
            try await eventually { bench.server.counts["unfinished_message_bytes"] == 8_000 }
            let agent = try await bench.connectRaw()
            for frame in Self.beginning(of: 3_000, token: TestAuthenticator.good) {
                agent.send(frame)
            }
            let frames = await greedy.frames { !Self.reasons($0).isEmpty }
            #expect(Self.reasons(frames) == [.tooManyIncompleteBytes])
            try await eventually { bench.server.counts["unfinished_message_bytes"] == 3_000 }
            let limit = "limits_total{limit=\"unfinished_messages_in_all\"}"
            #expect(bench.server.counts[limit] == 1)
            for peer in [greedy, agent] { peer.close() }
            try await eventually { bench.server.counts["unfinished_message_bytes"] == 0 }
        }
    }

    @Test("end on the connection that goes beyond, where its holder has the most already")
    func ownMessages() async throws {
        var limits = Limits()
        limits.unfinishedMessagesInAll = 10_000
        try await TransportBench.run(limits: limits) { bench in
            let first = try await bench.connectRaw()
            for frame in Self.beginning(of: 8_000) { first.send(frame) }
            try await eventually { bench.server.counts["unfinished_message_bytes"] == 8_000 }
            let second = try await bench.connectRaw()
            for frame in Self.beginning(of: 8_000) { second.send(frame) }
            let frames = await second.frames { !Self.reasons($0).isEmpty }
            #expect(Self.reasons(frames) == [.tooManyIncompleteBytes])
            #expect(bench.server.counts["unfinished_message_bytes"] == 8_000)
            for peer in [first, second] { peer.close() }
            try await eventually { bench.server.counts["unfinished_message_bytes"] == 0 }
        }
    }
}
