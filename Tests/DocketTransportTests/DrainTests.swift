import DocketRPC
import DocketTLS
import DocketTestSupport
import DocketTransport
import DocketWire
import FoundationEssentials
import NIOCore
import SwiftProtobuf
import Testing

@Suite("A server that stops")
struct DrainTests {
    /// A drain that has little patience with what is left.
    private static var short: Limits {
        var limits = Limits()
        limits.drainTime = .milliseconds(300)
        limits.drainQuietTime = .milliseconds(50)
        return limits
    }

    @Test("loses no call under load: each is answered, or was not looked at")
    func load() async throws {
        try await TransportBench.run(.tls) { bench in
            let clients = try await connect(4, to: bench)
            await withTaskGroup(of: RPCError?.self) { calls in
                for client in clients {
                    for _ in 0..<50 { calls.addTask { await Self.callOn(client) } }
                }
                await bench.server.drain(spread: .zero)
                for await error in calls {
                    #expect(error?.reason == .draining)
                    #expect(error?.isNotProcessed == true)
                }
            }
            #expect(bench.server.connectionCount == 0)
        }
    }

    /// Makes calls until one fails; gives why.
    private static func callOn(_ client: ClientConnection) async -> RPCError? {
        while true {
            let error = await failure { () async throws(RPCError) in
                try await client.interop.emptyCall(Docket_Test_Empty())
            }
            if let error { return error }
        }
    }

    private func connect(_ count: Int, to bench: TransportBench) async throws -> [ClientConnection]
    {
        var clients: [ClientConnection] = []
        for _ in 0..<count {
            let client = try await bench.connect()
            try await client.signIn()
            clients.append(client)
        }
        return clients
    }

    @Test("sends one GOAWAY and still serves a call that crossed it")
    func crossing() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            peer.send(.hello(), .open(1, InteropMethods.emptyCall.hash))
            await peer.frames { $0.count == 2 }
            async let drained: Void = bench.server.drain(spread: .zero)
            await peer.frames { $0.contains { $0.kind == .goAway } }
            peer.send(.open(2, InteropMethods.emptyCall.hash))
            let frames = await peer.framesToEnd()
            #expect(frames.compactMap(\.goAway).map(\.code) == [.drain])
            #expect(frames.compactMap(\.goAway).first?.lastStream == StreamID(rawValue: 8))
            #expect(frames.last?.kind == .message)
            #expect(frames.last?.stream == StreamID(rawValue: 2))
            peer.close()
            await drained
        }
    }

    @Test("ends subscriptions at once and lets other calls finish")
    func subscriptions() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            let feed = client.interop.fullDuplexCall()
            await bench.observer.wait { $0.begun == 1 }
            let upload = Task {
                try await client.interop.streamingInputCall { (writer) async throws(RPCError) in
                    for _ in 0..<20 { try await writer.write(.asking(bytes: 10_000)) }
                    await client.refusing()
                    for _ in 0..<20 { try await writer.write(.asking(bytes: 10_000)) }
                }
            }
            await bench.observer.wait { $0.messages >= 20 }
            async let drained: Void = bench.server.drain(spread: .zero)
            let error = await failure { () async throws(RPCError) in try await feed.replies.next() }
            #expect(error?.reason == .draining)
            #expect(try await upload.value.messages == 40)
            await drained
            #expect(await client.closed().reason == .draining)
        }
    }

    @Test("refuses new calls on connections that know of it")
    func refusal() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            try await client.greeting()
            let call = Task {
                await failure { () async throws(RPCError) in
                    try await client.interop.sleep(Docket_Test_Empty())
                }
            }
            await bench.observer.wait { $0.begun == 1 }
            let drain = Task { await bench.server.drain(spread: .zero) }
            await client.refusing()
            let error = await failure { () async throws(RPCError) in
                try await client.interop.emptyCall(Docket_Test_Empty())
            }
            #expect(error?.reason == .draining)
            #expect(error?.isNotProcessed == true)
            #expect(await client.isOpen() == false)
            call.cancel()
            #expect(await call.value?.reason == .cancelled)
            await drain.value
        }
    }

    @Test("ends what is left when its time is over")
    func timeIsOver() async throws {
        try await TransportBench.run(limits: Self.short) { bench in
            let client = try await bench.connect()
            let receiver = RawReceiver()
            _ = client.begin(
                InteropMethods.sleep,
                options: CallOptions(),
                first: [],
                ends: true,
                receiver: receiver
            )
            await bench.observer.wait { $0.begun == 1 }
            await bench.server.drain(spread: .zero)
            #expect(await receiver.result().status.error?.reason == .draining)
            #expect(receiver.endCount == 1)
            await bench.observer.wait { $0.cancelled == 1 }
        }
    }

    @Test("ends connections that have not said HELLO, and spreads the return of their clients")
    func noHello() async throws {
        try await TransportBench.run { bench in
            let peers = [try await bench.connectRaw(), try await bench.connectRaw()]
            try await bench.waitForConnections(2)
            async let drained: Void = bench.server.drain(spread: .seconds(82))
            var goAways: [GoAway] = []
            for peer in peers {
                goAways += await peer.framesToEnd().compactMap(\.goAway)
                peer.close()
            }
            #expect(goAways.map(\.code) == [.drain, .drain])
            #expect(goAways.map(\.retryAfterMilliseconds).sorted() == [0, 41_000])
            await drained
        }
    }

    @Test("tells a connection whose handshake was under way of it, over TLS")
    func duringHandshake() async throws {
        var limits = Limits()
        limits.drainQuietTime = limits.handshakeTime
        try await TransportBench.run(.tls, limits: limits) { bench in
            let peer = try await bench.connectRaw()
            try await bench.waitForConnections(1)
            async let drained: Void = bench.server.drain(spread: .seconds(60))
            // Nobody can connect any more, so the connection was told to go.
            try await eventually {
                guard let other = try? await bench.connectRaw() else { return true }
                other.close()
                return false
            }
            let frames = try await shakeHands(peer, bench)
            #expect(frames.map(\.kind) == [.hello, .goAway])
            #expect(frames.last?.goAway?.code == .drain)
            #expect(frames.last?.goAway?.lastStream == .connection)
            peer.close()
            await drained
        }
    }

    @Test("does not wait long for a handshake that does not end")
    func silentHandshake() async throws {
        try await TransportBench.run(.tls, limits: Self.short) { bench in
            let peer = try await bench.connectRaw()
            try await bench.waitForConnections(1)
            await bench.server.drain(spread: .zero)
            #expect(await peer.bytesToEnd().readableBytes == 0)
            peer.close()
        }
    }

    /// Makes the handshake; gives the frames that come until the server sends nothing more.
    private func shakeHands(_ peer: RawPeer, _ bench: TransportBench) async throws -> [Frame] {
        guard case .tls(let context, let name) = bench.security else { throw NeverHappened() }
        var session = try TLSSession(client: context, name: name)
        var plaintext = ByteBuffer()
        var taken = 0
        while true {
            var ours = ByteBuffer()
            ours.writeWithOutputRawSpan(minimumWritableBytes: session.pendingCiphertextCount) {
                session.takeCiphertext(into: &$0)
            }
            peer.send(ours)
            let known = taken
            let all = await peer.bytes { $0.readableBytes > known }
            guard let fresh = all.getSlice(at: taken, length: all.readableBytes - taken),
                fresh.readableBytes > 0
            else { return RawPeer.frames(in: plaintext) }
            taken = all.readableBytes
            plaintext.writeWithOutputRawSpan(minimumWritableBytes: 64 << 10) {
                _ = session.receive(fresh.readableBytesSpan, into: &$0, at: .zero)
            }
        }
    }

    @Test("tells a subscription that it ends, and one that comes too late, when to come again")
    func subscriptionsReturn() async throws {
        try await TransportBench.run { bench in
            var peers: [RawPeer] = []
            for _ in 0..<2 {
                let peer = try await bench.connectRaw()
                peer.send(.hello(), .open(1, InteropMethods.fullDuplexCall.hash, message: nil))
                peers.append(peer)
            }
            await bench.observer.wait { $0.begun == 2 }
            async let drained: Void = bench.server.drain(spread: .seconds(82))
            var told: [Duration] = []
            for peer in peers {
                await peer.frames { $0.contains { $0.kind == .status } }
                peer.send(.open(2, InteropMethods.fullDuplexCall.hash, message: nil))
            }
            for peer in peers {
                let frames = await peer.framesToEnd()
                peer.close()
                let statuses = frames.filter { $0.kind == .status }.map {
                    CallStatus(bytes: $0.payload.readableBytesSpan)
                }
                #expect(statuses.map(\.error?.reason) == [.draining, .draining])
                #expect(statuses.map(\.error?.isNotProcessed) == [false, true])
                told += statuses.compactMap(\.error?.retryAfter)
            }
            // One of the two connections is to come again at once.
            #expect(told.count == 2)
            #expect(told.allSatisfy { $0 > .zero && $0 <= .seconds(41) })
            await drained
        }
    }

    @Test("is obeyed by a client: every call it refuses says when the server is there again")
    func clientKnows() async throws {
        try await RawServer.run { server in
            let client = try await server.connect()
            let peer = try await server.accept()
            let receiver = RawReceiver()
            _ = client.begin(
                InteropMethods.sleep,
                options: CallOptions(),
                first: [],
                ends: true,
                receiver: receiver
            )
            await peer.frames { $0.contains { $0.kind == .open } }
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello())
            bytes.writeFrame(
                GoAway(lastStream: .connection, code: .drain, retryAfterMilliseconds: 41_000)
            )
            peer.send(bytes)
            let told: RPCError? = await client.refusing()
            let refused = await failure { () async throws(RPCError) in
                try await client.interop.emptyCall(Docket_Test_Empty())
            }
            try await peer.endOutput()
            let ended = await receiver.result().status.error
            let closed: RPCError? = await client.closed()
            for error in [told, refused, ended, closed] {
                #expect(error?.reason == .draining)
                let wait = error?.retryAfter ?? .zero
                #expect(wait > .zero && wait <= .seconds(41))
            }
            #expect(refused?.isNotProcessed == true)
            // The GOAWAY says that the server has looked at no call.
            #expect(ended?.isNotProcessed == true)
            peer.close()
        }
    }

    @Test("spreads the return of its clients")
    func spread() async throws {
        try await TransportBench.run { bench in
            var peers: [RawPeer] = []
            for _ in 0..<4 {
                let peer = try await bench.connectRaw()
                peer.send(.hello(), .open(1, InteropMethods.emptyCall.hash))
                await peer.frames { $0.count == 2 }
                peers.append(peer)
            }
            async let drained: Void = bench.server.drain(spread: .seconds(40))
            var delays: [UInt32] = []
            for peer in peers {
                let frames = await peer.framesToEnd()
                delays += frames.compactMap(\.goAway).map(\.retryAfterMilliseconds)
                peer.close()
            }
            #expect(delays.sorted() == [0, 10_000, 20_000, 30_000])
            await drained
        }
    }
}

extension Docket_Test_StreamingCall {
    /// A message with a payload that asks for nothing.
    static func asking(bytes: Int) -> Self {
        .with { $0.payload = .init(count: bytes) }
    }
}
