import DocketMessages
import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import SwiftProtobuf
import Testing

@Suite("Peers that break a rule")
struct BrokenRuleTests {
    /// Methods with the names that the vectors call.
    private static var vectorRouter: Router {
        var router = Router()
        let anyone = Callers(.anyone)
        // Both run on and read nothing, as the vectors of unfinished calls ask.
        router.serverStreaming(subscribe) {
            (
                _: Docket_V1_HealthCheckCall,
                _: ReplyWriter<Docket_V1_HealthCheckReply>,
                _
            )
                async throws(RPCError) in
            let (never, _) = AsyncStream<Never>.makeStream()
            for await _ in never {}
        }
        router.clientStreaming(
            Method(
                "docket.v1.Diagnostics/Echo",
                .clientStreaming,
                callers: anyone,
                defaultTimeout: nil
            )
        ) { (calls: MessageStream<Docket_V1_EchoCall>, context) async throws(RPCError) in
            let (never, _) = AsyncStream<Never>.makeStream()
            for await _ in never {}
            return Docket_V1_EchoReply()
        }
        router.unary(
            Method("docket.v1.Health/Check", .unary, callers: anyone, defaultTimeout: nil)
        ) { (_: Docket_V1_HealthCheckCall, _) async throws(RPCError) in
            Docket_V1_HealthCheckReply.with { $0.state = .serving }
        }
        router.unary(
            Method("docket.v1.Sessions/SignIn", .unary, callers: anyone, defaultTimeout: nil)
        ) { (_: Docket_V1_SignInCall, _) async throws(RPCError) in Docket_V1_SignInReply() }
        router.unary(
            Method(
                "docket.v1.Sessions/Describe",
                .unary,
                callers: Callers(.agent),
                defaultTimeout: nil
            )
        ) { (_: Docket_V1_HealthCheckCall, _) async throws(RPCError) in
            Docket_V1_HealthCheckReply()
        }
        return router
    }

    /// Limits whose times are over soon.
    private static var impatient: Limits {
        var limits = Limits()
        limits.helloTime = .milliseconds(100)
        limits.frameTime = .milliseconds(100)
        return limits
    }

    @Test(
        "A server answers a broken rule with one GOAWAY, the vector's, and closes",
        arguments: Vector.named("error_", except: "error_server_")
    )
    func serverErrors(vector: Vector) async throws {
        let expected = try #require(Vector.frames(of: vector.server).last?.goAway)
        let isLate = vector.name.hasSuffix("_unfinished")
        let limits = isLate ? Self.impatient : Limits()
        try await TransportBench.run(limits: limits, router: Self.vectorRouter) {
            bench in
            let peer = try await bench.connectRaw()
            peer.send(vector.name == "error_token_refused" ? badToken : vector.client)
            let frames = await peer.framesToEnd()
            let goAways = frames.compactMap(\.goAway)
            #expect(frames.first?.kind == .hello)
            #expect(frames.last?.kind == .goAway)
            #expect(goAways.map(\.code) == [expected.code])
            #expect(goAways.map(\.lastStream) == [expected.lastStream])
            peer.close()
            try await bench.waitForConnections(0)
        }
    }

    /// The vector's token is unknown to every server but ours, whose tests know one bad one.
    private var badToken: ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeFrame(.hello(token: TestAuthenticator.bad))
        bytes.writeFrame(.open(1, InteropMethods.emptyCall.hash))
        return bytes
    }

    @Test(
        "A server ends a call that is wrong in itself, and the connection goes on",
        arguments: Vector.named("status_")
    )
    func serverStatus(vector: Vector) async throws {
        try await TransportBench.run(router: Self.vectorRouter) { bench in
            let peer = try await bench.connectRaw()
            peer.send(vector.client)
            let frames = await peer.frames { $0.count >= 3 }
            let expected = Vector.frames(of: vector.server)
            try #require(frames.count == expected.count)
            for (frame, wanted) in zip(frames, expected).dropFirst() {
                #expect(frame.kind == wanted.kind)
                #expect(frame.stream == wanted.stream)
                guard frame.kind == .status else {
                    #expect(frame == wanted)
                    continue
                }
                var status = try Docket_V1_Status(
                    serializedBytes: Array(frame.payload.readableBytesView)
                )
                status.message = ""
                #expect(
                    try status
                        == Docket_V1_Status(
                            serializedBytes: Array(wanted.payload.readableBytesView)
                        )
                )
            }
        }
    }

    private static let subscribe = Method(
        "docket.v1.Feed/Subscribe",
        .serverStreaming,
        callers: Callers(.anyone),
        defaultTimeout: nil
    )

    @Test(
        "A client answers a broken rule with the vector's GOAWAY and fails its calls",
        arguments: Vector.named("error_server_")
    )
    func clientErrors(vector: Vector) async throws {
        let said = Vector.frames(of: vector.client)
        let expected = try #require(said.last?.goAway)
        let hello = try Greeting(payload: try #require(said.first).payload, from: .client)
        try await RawServer.run { server in
            let client = try await server.connect { $0.limits.streamCredit = hello.streamCredit }
            let peer = try await server.accept()
            let receiver = RawReceiver()
            _ = client.begin(
                Self.subscribe,
                options: CallOptions(),
                first: [],
                ends: true,
                receiver: receiver
            )
            await peer.frames { $0.contains { $0.kind == .open } }
            peer.send(vector.server)
            let frames = await peer.framesToEnd()
            #expect(frames.compactMap(\.goAway).map(\.code) == [expected.code])
            #expect(await receiver.result().status.error != nil)
            #expect(receiver.endCount == 1)
            peer.close()
        }
    }

    @Test("Random bytes end their connection alone, and nothing else")
    func garbage() async throws {
        var random = SeededRandom()
        try await TransportBench.run { bench in
            let client = try await bench.connect()
            try await client.signIn()
            for _ in 0..<100 {
                let peer = try await bench.connectRaw()
                if Bool.random(using: &random) { peer.send(.hello()) }
                peer.send(
                    ByteBuffer(bytes: random.bytes(count: .random(in: 1...2_000, using: &random)))
                )
                try await peer.endOutput()
                await peer.bytesToEnd()
                peer.close()
            }
            _ = try await client.interop.emptyCall(Docket_Test_Empty())
            try await bench.waitForConnections(1)
            client.close()
        }
    }

    @Test("A connection may be cut at every byte")
    func cutEverywhere() async throws {
        try await TransportBench.run { bench in
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello(token: TestAuthenticator.good))
            bytes.writeFrame(.open(1, InteropMethods.sleep.hash))
            bytes.writeFrame(.open(2, InteropMethods.fullDuplexCall.hash, message: nil))
            for length in 0...bytes.readableBytes {
                let peer = try await bench.connectRaw()
                peer.send(try #require(bytes.getSlice(at: 0, length: length)))
                if length % 2 == 0 { try await peer.endOutput() }
                peer.close()
            }
            try await bench.waitForConnections(0)
            try await eventually {
                bench.observer.sightings.begun == bench.observer.sightings.ended
            }
        }
    }

    @Test("A client that sends byte by byte is served")
    func byteByByte() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello())
            bytes.writeFrame(.open(1, InteropMethods.emptyCall.hash))
            for byte in bytes.readableBytesView { peer.send(ByteBuffer(bytes: [byte])) }
            let frames = await peer.frames { $0.count == 2 }
            #expect(frames.last?.kind == .message)
            #expect(frames.last?.flags == .end)
        }
    }

    @Test("A client that ends its side of the socket ends the connection")
    func halfClose() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            peer.send(.hello(), .open(1, InteropMethods.sleep.hash))
            await bench.observer.wait { $0.begun == 1 }
            try await peer.endOutput()
            await peer.bytesToEnd()
            await bench.observer.wait { $0.cancelled == 1 }
            try await bench.waitForConnections(0)
        }
    }
}
