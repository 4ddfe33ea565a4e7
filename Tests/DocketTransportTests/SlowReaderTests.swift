import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@Suite("A reader that takes nothing")
struct SlowReaderTests {
    private static let largest = [UInt32](repeating: 1 << 20, count: 64)

    /// A message that asks for more replies than credit and sockets hold.
    private static var greedy: [UInt8] {
        let call = Docket_Test_StreamingOutputCallCall.with { $0.replySizes = largest }
        return (try? encoded(call)) ?? []
    }

    /// Limits that let a stream fill the sockets.
    private static var wide: Limits {
        var limits = Limits()
        limits.streamCredit = Limits.creditRange.upperBound
        return limits
    }

    @Test("costs the others nothing, and gets everything in order when it reads on")
    func resumes() async throws {
        try await TransportBench.run(limits: Self.wide) { bench in
            let slow = try await bench.connectRaw()
            try await slow.setReading(false)
            var greeting = Greeting()
            greeting.streamCredit = Limits.creditRange.upperBound
            slow.send(greeting.frame)
            for stream in 1...8 {
                slow.send(
                    .open(
                        UInt32(stream),
                        InteropMethods.streamingOutputCall.hash,
                        message: Self.greedy
                    )
                )
            }
            await bench.observer.wait { $0.begun == 8 }
            let other = try await bench.connect()
            for _ in 0..<100 { _ = try await other.interop.emptyCall(Docket_Test_Empty()) }
            // What may wait is bounded by the credit: two messages for each call.
            #expect(bench.observer.sightings.replies <= 16)
            try await slow.setReading(true)
            try await expectReply(0, from: slow)
            for stream in streams {
                var credit = ByteBuffer()
                credit.writeFrame(.credit, stream: stream, number: 2 << 20)
                slow.send(credit)
            }
            try await expectReply(1, from: slow)
            slow.close()
            other.close()
            await bench.observer.wait { $0.ended == 8 }
        }
    }

    private let streams = (1...8).map { StreamID(rawValue: $0) }

    /// Expects the reply of this number on every stream, whole and behind the one before.
    private func expectReply(_ number: Int, from peer: RawPeer) async throws {
        let frames = await peer.frames { frames in
            frames.filter(\.endsMessage).count >= 8 * (number + 1)
        }
        for stream in streams {
            var messages: [[UInt8]] = [[]]
            for frame in frames where frame.kind == .message && frame.stream == stream {
                messages[messages.count - 1] += frame.payload.readableBytesView
                if frame.endsMessage { messages.append([]) }
            }
            let reply = try Docket_Test_StreamingReply(serializedBytes: messages[number])
            #expect(reply.number == UInt32(number))
            #expect(reply.payload.count == 1 << 20)
        }
    }

    @Test("is disconnected when its socket has taken no byte for long")
    func stalls() async throws {
        var limits = Self.wide
        limits.stallTime = .milliseconds(200)
        try await TransportBench.run(limits: limits) { bench in
            let slow = try await bench.connectRaw()
            try await slow.setReading(false)
            var greeting = Greeting()
            greeting.streamCredit = Limits.creditRange.upperBound
            slow.send(greeting.frame)
            for stream in 1...8 {
                slow.send(
                    .open(
                        UInt32(stream),
                        InteropMethods.streamingOutputCall.hash,
                        message: Self.greedy
                    )
                )
            }
            await bench.observer.wait { $0.cancelled == 8 }
            try await bench.waitForConnections(0)
            #expect(bench.server.counts["limits_total{limit=\"stall_time\"}"] == 1)
            slow.close()
        }
    }

    @Test("does not keep its own calls from being read")
    func reads() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            try await client.signIn()
            let call = Docket_Test_StreamingOutputCallCall.with { $0.replySizes = Self.largest }
            let unread = try client.interop.streamingOutputCall(call)
            for _ in 0..<100 { _ = try await client.interop.emptyCall(Docket_Test_Empty()) }
            unread.abandon()
            await bench.observer.wait { $0.cancelled == 1 }
            client.close()
        }
    }

    @Test("1,000 calls that wait for streams are all answered over TLS")
    func waitingCalls() async throws {
        try await TransportBench.run(.tls) { bench in
            let client = try await bench.connect()
            try await client.signIn()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<1_000 {
                    group.addTask {
                        try await client.interop.unaryCall(
                            .with {
                                $0.payload = Data(count: 2_000)
                                $0.replySize = 5_000
                            }
                        ).payload.count
                    }
                }
                for try await count in group { #expect(count == 5_000) }
            }
            client.close()
        }
    }
}

extension Frame {
    /// Whether the frame completes a message.
    fileprivate var endsMessage: Bool { kind == .message && !flags.contains(.more) }
}
