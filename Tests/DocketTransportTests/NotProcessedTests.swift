import DocketMessages
import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import Testing

@Suite("A refusal before the method begins")
struct NotProcessedTests {
    /// What a client says, and the reason with which its call ends.
    struct Refusal: CustomTestStringConvertible {
        let testDescription: String
        let frames: [Frame]
        let reason: Reason
        var stream: UInt32 = 1
    }

    private static func open(
        _ stream: UInt32 = 1,
        _ method: Method = InteropMethods.emptyCall,
        bytes: Int? = nil,
        flags: FrameFlags = [],
        timeout: UInt32 = 0
    ) -> Frame {
        var head = CallHead(method: method.hash)
        head.timeoutMilliseconds = timeout
        var payload = ByteBuffer()
        payload.writeInteger(UInt16(head.bytes.readableBytes) | (bytes == nil ? 0 : 0x8000))
        payload.writeImmutableBuffer(head.bytes)
        payload.writeRepeatingByte(0, count: bytes ?? 0)
        return Frame(.open, flags: flags, stream: StreamID(rawValue: stream), payload: payload)
    }

    private static func message(bytes: Int, flags: FrameFlags = []) -> Frame {
        Frame(
            .message,
            flags: flags,
            stream: StreamID(rawValue: 1),
            payload: ByteBuffer(repeating: 0, count: bytes)
        )
    }

    /// Limits that are soon reached.
    private static var narrow: Limits {
        var limits = Limits()
        limits.maximumMessage = 2_000
        limits.unfinishedMessages = 1_800
        limits.drainTime = .milliseconds(100)
        return limits
    }

    private static let refusals = [
        Refusal(
            testDescription: "of a message in one frame that is too long",
            frames: [open(bytes: 2_001, flags: .end)],
            reason: .messageTooLarge
        ),
        Refusal(
            testDescription: "of a message in two frames that is too long",
            frames: [open(bytes: 1_001, flags: .more), message(bytes: 1_000, flags: .end)],
            reason: .messageTooLarge
        ),
        Refusal(
            testDescription: "of a message behind a bare OPEN that is too long",
            frames: [open(), message(bytes: 2_001, flags: .end)],
            reason: .messageTooLarge
        ),
        Refusal(
            testDescription: "of an OPEN with too many unfinished bytes",
            frames: [open(bytes: 1_801, flags: .more)],
            reason: .tooManyIncompleteBytes
        ),
        Refusal(
            testDescription: "of a second call with too many unfinished bytes",
            frames: [open(bytes: 1_000, flags: .more), open(2, bytes: 801, flags: .more)],
            reason: .tooManyIncompleteBytes,
            stream: 2
        ),
        Refusal(
            testDescription: "of a fragment with too many unfinished bytes",
            frames: [open(bytes: 1_000, flags: .more), message(bytes: 801, flags: .more)],
            reason: .tooManyIncompleteBytes
        ),
        Refusal(
            testDescription: "of a bare OPEN whose time is over",
            frames: [open(timeout: 1)],
            reason: .deadlineExceeded
        ),
        Refusal(
            testDescription: "of a message without END whose time is over",
            frames: [open(bytes: 0, timeout: 1)],
            reason: .deadlineExceeded
        ),
        Refusal(
            testDescription: "of two messages where there is one",
            frames: [open(bytes: 0), message(bytes: 0)],
            reason: .wrongMessageCount
        ),
        Refusal(
            testDescription: "of no message where there is one",
            frames: [open(flags: .end)],
            reason: .wrongMessageCount
        ),
        Refusal(
            testDescription: "of an unknown method",
            frames: [.open(1, 0x1234_5678)],
            reason: .methodUnknown
        ),
    ]

    private func status(
        of stream: UInt32,
        from peer: RawPeer
    ) async throws -> CallStatus {
        let id = StreamID(rawValue: stream)
        let frames = await peer.frames { frames in
            frames.contains { $0.kind == .status && $0.stream == id }
        }
        let frame = try #require(frames.first { $0.kind == .status && $0.stream == id })
        return CallStatus(bytes: frame.payload.readableBytesSpan)
    }

    @Test("vouches that nothing took effect", arguments: refusals)
    func vouches(refusal: Refusal) async throws {
        try await TransportBench.run(limits: Self.narrow) { bench in
            let peer = try await bench.connectRaw()
            peer.send(.hello())
            for frame in refusal.frames { peer.send(frame) }
            let error = try #require(await status(of: refusal.stream, from: peer).error)
            #expect(error.reason == refusal.reason)
            #expect(error.isNotProcessed)
            peer.close()
        }
    }

    @Test("vouches so at the end of a drain, and only for calls that have not begun")
    func drained() async throws {
        try await TransportBench.run(limits: Self.narrow) { bench in
            let peer = try await bench.connectRaw()
            peer.send(.hello(), Self.open(), .open(2, InteropMethods.sleep.hash))
            await bench.observer.wait { $0.begun == 1 }
            async let drained: Void = bench.server.drain(spread: .zero)
            #expect(try await status(of: 1, from: peer).error?.isNotProcessed == true)
            #expect(try await status(of: 2, from: peer).error?.isNotProcessed == false)
            peer.close()
            await drained
        }
    }

    @Test("is told from one behind its beginning, which vouches for nothing")
    func begun() async throws {
        try await TransportBench.run(limits: Self.narrow) { bench in
            let peer = try await bench.connectRaw()
            peer.send(
                .hello(),
                Self.open(1, InteropMethods.streamingInputCall),
                Self.message(bytes: 2_001),
                Self.open(2, InteropMethods.sleep, bytes: 0, flags: .end, timeout: 1)
            )
            let tooLarge = try await status(of: 1, from: peer).error
            #expect(tooLarge?.reason == .messageTooLarge)
            #expect(tooLarge?.isNotProcessed == false)
            let late = try await status(of: 2, from: peer).error
            #expect(late?.reason == .deadlineExceeded)
            #expect(late?.isNotProcessed == false)
            peer.close()
        }
    }

    @Test("of a client's own, before the server heard of the call, vouches so too")
    func unheard() async throws {
        try await RawServer.run { server in
            let client = try await server.connect()
            let peer = try await server.accept()
            let receivers = (0..<9).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.emptyCall,
                    options: CallOptions(timeout: .milliseconds(50)),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            var vouched: [Bool?] = []
            for receiver in receivers {
                vouched.append(await receiver.result().status.error?.isNotProcessed)
            }
            // Eight may be opened before the server's HELLO.
            #expect(vouched == Array(repeating: false, count: 8) + [true])
            peer.close()
        }
    }
}
