import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import NIOPosix
import SwiftProtobuf
import Testing

@Suite("Every end of a connection hands over what came before it")
struct EndingTests {
    /// Limits with which every frame is a turn of its own.
    private static var slow: Limits {
        var limits = Limits()
        limits.framesPerTurn = 1
        return limits
    }

    private static let sleeps = 8

    /// Begins as many calls as there may be, and leaves, in one flight.
    private func callAndLeave(
        _ client: ClientConnection,
        on eventLoop: any EventLoop
    ) async throws -> [RawReceiver] {
        try await eventLoop.submit {
            let receivers = (0..<Self.sleeps).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.sleep,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            client.close()
            return receivers
        }.get()
    }

    @Test(
        "A server serves the calls before a goodbye, however many turns they take",
        arguments: TransportBench.Security.allCases
    )
    func manyTurns(security: TransportBench.Security) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await TransportBench.run(security, limits: Self.slow, group: group) { bench in
            let client = try await bench.connect()
            try await client.greeting()
            _ = try await callAndLeave(client, on: group.next())
            await bench.observer.wait { $0.begun == Self.sleeps && $0.ended == Self.sleeps }
            try await bench.waitForConnections(0)
        }
        try await group.shutdownGracefully()
    }

    @Test(
        "A server serves the calls before a goodbye that came while it decided on the token",
        arguments: TransportBench.Security.allCases
    )
    func undecidedToken(security: TransportBench.Security) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await TransportBench.run(security, group: group) { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.slow }
            try await client.greeting()
            try await eventually { bench.authenticator.asked == 1 }
            _ = try await callAndLeave(client, on: group.next())
            _ = await client.closed()
            #expect(bench.observer.sightings.begun == 0)
            bench.authenticator.decide()
            await bench.observer.wait { $0.begun == Self.sleeps && $0.ended == Self.sleeps }
            try await bench.waitForConnections(0)
        }
        try await group.shutdownGracefully()
    }

    @Test(
        "A server serves what came before the socket went, in whatever way",
        arguments: [true, false]
    )
    func socketIsGone(inOrder: Bool) async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            peer.send(
                .hello(token: TestAuthenticator.slow),
                .open(1, InteropMethods.sleep.hash),
                .open(2, InteropMethods.sleep.hash)
            )
            try await eventually { bench.authenticator.asked == 1 }
            if inOrder { try await peer.endOutput() }
            peer.close()
            bench.authenticator.decide()
            await bench.observer.wait { $0.begun == 2 && $0.ended == 2 }
            try await bench.waitForConnections(0)
        }
    }

    @Test("A connection that is gone ends with its token's refusal, or when that takes too long")
    func refusedBehindEnd() async throws {
        var limits = Limits()
        limits.signInTime = .milliseconds(100)
        try await TransportBench.run(limits: limits) { bench in
            for token in [TestAuthenticator.bad, TestAuthenticator.slow] {
                let peer = try await bench.connectRaw()
                peer.send(.hello(token: token), .open(1, InteropMethods.sleep.hash))
                try await peer.endOutput()
                peer.close()
                try await eventually { bench.authenticator.asked > 0 }
                try await bench.waitForConnections(0)
            }
            #expect(bench.observer.sightings.begun == 0)
            bench.authenticator.decide()
        }
    }

    @Test("300 frames that mean nothing do not lose the call behind them")
    func manyFrames() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello())
            bytes.writeFrame(.open(1, InteropMethods.sleep.hash))
            for _ in 0..<300 {
                bytes.writeFrame(.credit, stream: StreamID(rawValue: 1), number: 1)
            }
            bytes.writeFrame(.open(2, InteropMethods.sleep.hash))
            peer.send(bytes)
            try await peer.endOutput()
            await bench.observer.wait { $0.begun == 2 }
            peer.close()
        }
    }

    @Test("A client takes the replies before the server's end, however many turns they take")
    func clientReplies() async throws {
        try await RawServer.run { server in
            let client = try await server.connect { $0.limits = Self.slow }
            let peer = try await server.accept()
            let receivers = (0..<Self.sleeps).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.emptyCall,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            await peer.frames { $0.count == 1 + Self.sleeps }
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello())
            for stream in 1...Self.sleeps {
                bytes.writeFrame(
                    Frame(.message, flags: .end, stream: StreamID(rawValue: UInt32(stream)))
                )
            }
            peer.send(bytes)
            try await peer.endOutput()
            for receiver in receivers {
                let (status, replies) = await receiver.result()
                #expect(status.error == nil)
                #expect(replies == 1)
            }
            #expect(await client.closed().reason == .connectionLost)
            peer.close()
        }
    }

    @Test("A client takes the statuses before close_notify, however many turns they take")
    func clientStatuses() async throws {
        var limits = Limits()
        limits.drainTime = .milliseconds(100)
        try await TransportBench.run(.tls, limits: limits) { bench in
            let client = try await bench.connect { $0.limits.framesPerTurn = 1 }
            let receivers = (0..<Self.sleeps).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.sleep,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            await bench.observer.wait { $0.begun == Self.sleeps }
            await bench.server.drain(spread: .zero)
            for receiver in receivers {
                // The STATUS says so, where the GOAWAY before said that the server goes.
                let error = await receiver.result().status.error
                #expect(error?.message == "the time for a drain is over")
            }
        }
    }
}
