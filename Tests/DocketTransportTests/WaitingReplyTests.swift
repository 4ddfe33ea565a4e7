import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import FoundationEssentials
import NIOCore
import SwiftProtobuf
import Testing

@Suite("A reply that waits for credit")
struct WaitingReplyTests {
    /// A HELLO with the least credit that there may be.
    private static var stingy: Frame {
        var greeting = Greeting()
        greeting.streamCredit = Limits.creditRange.lowerBound
        return greeting.frame
    }

    /// An OPEN that asks for a reply of so many bytes, with a timeout or the method's default.
    private static func open(
        _ stream: UInt32,
        _ method: Method = InteropMethods.unaryCall,
        replySize: UInt32,
        timeoutMilliseconds: UInt32 = 0
    ) -> Frame {
        var head = CallHead(method: method.hash)
        head.timeoutMilliseconds = timeoutMilliseconds
        let call = Docket_Test_UnaryCallCall.with { $0.replySize = replySize }
        var payload = ByteBuffer()
        let bytes = head.bytes
        payload.writeInteger(UInt16(bytes.readableBytes) | 0x8000)
        payload.writeImmutableBuffer(bytes)
        payload.writeBytes((try? encoded(call)) ?? [])
        return Frame(.open, flags: .end, stream: StreamID(rawValue: stream), payload: payload)
    }

    /// The reasons of the calls that have ended with an error, by their streams.
    private static func reasons(_ frames: [Frame]) -> [UInt32: Reason] {
        frames.reduce(into: [:]) { reasons, frame in
            guard frame.kind == .status else { return }
            let status = CallStatus(bytes: frame.payload.readableBytesSpan)
            reasons[frame.stream.rawValue] = status.error?.reason
        }
    }

    /// A method whose calls have 200 milliseconds when they name no time, and how it is served.
    private static func brief(prompt: Bool) -> ServiceTable {
        let method = Method(
            "docket.test.Brief/Reply",
            .unary,
            callers: Callers(.anyone),
            defaultTimeout: .milliseconds(200)
        )
        @Sendable func answer(_ input: Docket_Test_UnaryCallCall, _ call: any ServerCall) {
            call.finish(reply: [UInt8](repeating: 1, count: Int(input.replySize)))
        }
        let service =
            prompt
            ? SingleInputMethod<Docket_Test_UnaryCallCall>(method, prompt: answer)
            : SingleInputMethod<Docket_Test_UnaryCallCall>(method, handler: answer)
        var router = Router()
        router.register(service)
        return ServiceTable(method: method, router: router)
    }

    private struct ServiceTable {
        let method: Method
        let router: Router
    }

    @Test("ends with the call's timeout, and its stream is free again")
    func timeout() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            peer.send(Self.stingy)
            // Far more calls than there are streams: each one that ends makes room for another.
            for stream in 1...8 as ClosedRange<UInt32> {
                peer.send(Self.open(stream, replySize: 20_000, timeoutMilliseconds: 100))
            }
            await peer.frames { Self.reasons($0).count == 8 }
            await peer.frames { frames in
                frames.contains {
                    $0.kind == .streams && $0.payload.getInteger(at: 0) == 16 as UInt32
                }
            }
            peer.send(Self.open(9, replySize: 10))
            let frames = await peer.frames { frames in
                frames.contains { $0.stream.rawValue == 9 && $0.flags.contains(.end) }
            }
            #expect(Set(Self.reasons(frames).values) == [.deadlineExceeded])
            try await eventually { bench.server.counts["waiting_reply_bytes"] == 0 }
            peer.close()
        }
    }

    @Test("ends with the method's own time when the call names none", arguments: [false, true])
    func defaultTimeout(prompt: Bool) async throws {
        let brief = Self.brief(prompt: prompt)
        try await TransportBench.run(router: brief.router) { bench in
            let peer = try await bench.connectRaw()
            peer.send(Self.stingy, Self.open(1, brief.method, replySize: 20_000))
            let frames = await peer.frames { Self.reasons($0).count == 1 }
            #expect(Self.reasons(frames) == [1: .deadlineExceeded])
            peer.close()
        }
    }

    @Test("leaves whole when credit comes in time, and its deadline ends nothing any more")
    func inTime() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            peer.send(
                Self.stingy,
                Self.open(1, replySize: 20_000, timeoutMilliseconds: 200),
                .number(.credit, 1, 60_000),
                Self.open(2, replySize: 20_000, timeoutMilliseconds: 200)
            )
            let frames = await peer.frames { !Self.reasons($0).isEmpty }
            #expect(Self.reasons(frames) == [2: .deadlineExceeded])
            let sizes = frames.filter { $0.kind == .message && $0.stream.rawValue == 1 }
                .map(\.payload.readableBytes)
            #expect(sizes.reduce(0, +) > 20_000)
            peer.close()
        }
    }

    @Test("is refused beyond the connection's limit, and the others are served")
    func connectionLimit() async throws {
        var limits = Limits()
        limits.waitingReplies = 50_000
        try await TransportBench.run(limits: limits) { bench in
            let greedy = try await bench.connectRaw()
            greedy.send(Self.stingy)
            for stream in 1...4 as ClosedRange<UInt32> {
                greedy.send(Self.open(stream, replySize: 20_000))
            }
            let frames = await greedy.frames { Self.reasons($0).count == 2 }
            #expect(Self.reasons(frames) == [3: .tooManyUnreadReplies, 4: .tooManyUnreadReplies])
            let other = try await bench.connect()
            let reply = try await other.interop.unaryCall(.with { $0.replySize = 40_000 })
            #expect(reply.payload.count == 40_000)
            #expect(bench.server.counts["limits_total{limit=\"waiting_replies\"}"] == 2)
            greedy.close()
            other.close()
            try await eventually { bench.server.counts["waiting_reply_bytes"] == 0 }
        }
    }

    @Test("is refused beyond what may wait on all connections together")
    func limitInAll() async throws {
        var limits = Limits()
        limits.waitingRepliesInAll = 50_000
        try await TransportBench.run(limits: limits) { bench in
            var peers: [RawPeer] = []
            for number in 1...3 {
                let peer = try await bench.connectRaw()
                peer.send(Self.stingy, Self.open(1, replySize: 20_000))
                peers.append(peer)
                let waits = Double(min(number, 2)) * 20_000
                try await eventually { bench.server.counts["waiting_reply_bytes"] ?? 0 > waits }
            }
            let frames = await peers[2].frames { !Self.reasons($0).isEmpty }
            #expect(Self.reasons(frames) == [1: .tooManyUnreadReplies])
            for peer in peers { peer.close() }
            try await eventually { bench.server.counts["waiting_reply_bytes"] == 0 }
        }
    }

    @Test("makes room for others where its holder has the most of all")
    func greatestHolder() async throws {
        var limits = Limits()
        limits.waitingRepliesInAll = 50_000
        try await TransportBench.run(limits: limits) { bench in
            var strangers: [RawPeer] = []
            for number in 1...2 {
                let peer = try await bench.connectRaw()
                peer.send(Self.stingy, Self.open(1, replySize: 20_000))
                strangers.append(peer)
                let waits = Double(number) * 20_000
                try await eventually { bench.server.counts["waiting_reply_bytes"] ?? 0 > waits }
            }
            let agent = try await bench.connectRaw()
            var greeting = Greeting()
            greeting.token = TestAuthenticator.good
            greeting.streamCredit = Limits.creditRange.lowerBound
            agent.send(greeting.frame, Self.open(1, replySize: 20_000))
            for peer in strangers {
                let frames = await peer.frames { !Self.reasons($0).isEmpty }
                #expect(Self.reasons(frames) == [1: .tooManyUnreadReplies])
            }
            agent.send(.number(.credit, 1, 60_000), Self.open(2, replySize: 100))
            let frames = await agent.frames { frames in
                frames.contains { $0.kind == .message && $0.stream.rawValue == 2 }
            }
            #expect(Self.reasons(frames).isEmpty, "whoever has less keeps its reply")
            #expect(bench.server.counts["limits_total{limit=\"waiting_replies_in_all\"}"] == 2)
            for peer in strangers + [agent] { peer.close() }
            try await eventually { bench.server.counts["waiting_reply_bytes"] == 0 }
        }
    }

    @Test("of a finished call ends after the time for it, whatever deadline its caller chose")
    func longDeadline() async throws {
        var limits = Limits()
        limits.replyTime = .milliseconds(200)
        try await TransportBench.run(limits: limits) { bench in
            let peer = try await bench.connectRaw()
            peer.send(Self.stingy, Self.open(1, replySize: 20_000, timeoutMilliseconds: .max))
            let frames = await peer.frames { !Self.reasons($0).isEmpty }
            #expect(Self.reasons(frames) == [1: .deadlineExceeded])
            #expect(bench.server.counts["limits_total{limit=\"reply_time\"}"] == 1)
            peer.close()
            try await eventually { bench.server.counts["waiting_reply_bytes"] == 0 }
        }
    }

    @Test("of a stream counts too, and a refusal ends the stream")
    func streams() async throws {
        var limits = Limits()
        limits.waitingReplies = 50_000
        try await TransportBench.run(limits: limits) { bench in
            let peer = try await bench.connectRaw()
            let call = Docket_Test_StreamingOutputCallCall.with {
                $0.replySizes = [20_000, 20_000]
            }
            peer.send(Self.stingy)
            for stream in 1...3 as ClosedRange<UInt32> {
                let method = InteropMethods.streamingOutputCall.hash
                peer.send(.open(stream, method, message: try encoded(call)))
            }
            let frames = await peer.frames { Self.reasons($0).count == 1 }
            #expect(Self.reasons(frames) == [3: .tooManyUnreadReplies])
            await bench.observer.wait { $0.ended == 1 }
            peer.close()
            await bench.observer.wait { $0.ended == 3 }
        }
    }

    @Test("is ended with the drain that it outlives")
    func drain() async throws {
        var limits = Limits()
        limits.drainTime = .milliseconds(300)
        try await TransportBench.run(limits: limits) { bench in
            let peer = try await bench.connectRaw()
            peer.send(Self.stingy, Self.open(1, replySize: 20_000))
            await peer.frames { $0.contains { $0.kind == .message } }
            await bench.server.drain(spread: .zero)
            #expect(Self.reasons(await peer.framesToEnd()) == [1: .draining])
        }
    }
}

extension Frame {
    /// A frame whose payload is a number.
    fileprivate static func number(_ kind: FrameKind, _ id: UInt32, _ number: UInt32) -> Frame {
        Frame(kind, stream: StreamID(rawValue: id), payload: ByteBuffer(integer: number))
    }
}
