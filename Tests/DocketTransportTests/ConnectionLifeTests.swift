import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import NIOPosix
import SwiftProtobuf
import Testing

@Suite("A connection's life")
struct ConnectionLifeTests {
    @Test("begins with calls that do not wait for the greeting")
    func firstCall() async throws {
        try await RawServer.run { server in
            let client = try await server.connect()
            let peer = try await server.accept()
            let receivers = (0..<9).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.emptyCall,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            let frames = await peer.frames { $0.count == 9 }
            #expect(frames.map(\.kind) == [.hello] + Array(repeating: .open, count: 8))
            peer.close()
            for receiver in receivers { _ = await receiver.result() }
            #expect(receivers.map(\.endCount) == Array(repeating: 1, count: 9))
        }
    }

    @Test("goes on while the client hears nothing but PONG")
    func keepalive() async throws {
        var limits = Limits()
        limits.keepalive = .milliseconds(300)
        try await RawServer.run { server in
            let client = try await server.connect()
            let peer = try await server.accept()
            peer.send(Greeting(limits: limits, software: "").frame)
            for count in 1...3 {
                let frames = await peer.frames { $0.filter { $0.kind == .ping }.count >= count }
                let ping = try #require(frames.last { $0.kind == .ping })
                peer.send(Frame(.pong, payload: ping.payload))
            }
            // Without a PONG the third silence is the last.
            #expect(await client.closed().reason == .timeout)
            let frames = await peer.framesToEnd()
            #expect(frames.compactMap(\.goAway).map(\.code) == [.timeout])
            peer.close()
        }
    }

    @Test("ends at the server when no byte goes either way")
    func silence() async throws {
        var limits = Limits()
        limits.keepalive = .milliseconds(50)
        limits.signInTime = .seconds(60)
        try await TransportBench.run(limits: limits) { bench in
            let peer = try await bench.connectRaw()
            peer.send(.hello())
            let frames = await peer.framesToEnd()
            #expect(frames.compactMap(\.goAway).map(\.code) == [.timeout])
            peer.close()
        }
    }

    @Test(
        "ends with each call told once when the client closes",
        arguments: TransportBench.Security.allCases
    )
    func clientCloses(security: TransportBench.Security) async throws {
        try await TransportBench.run(security) { bench in
            let client = try await bench.connect()
            try await client.signIn()
            let receivers = (0..<150).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.sleep,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            await bench.observer.wait { $0.begun >= 90 }
            client.close()
            for receiver in receivers {
                #expect(await receiver.result().status.error?.reason == .cancelled)
            }
            await bench.observer.wait { $0.cancelled == $0.begun }
            try await bench.waitForConnections(0)
            #expect(receivers.allSatisfy { $0.endCount == 1 })
        }
    }

    @Test("ends with each call told once when the server closes")
    func serverCloses() async throws {
        try await TransportBench.run(.tls) { bench in
            let client = try await bench.connect()
            try await client.signIn()
            let receivers = (0..<150).map { _ in RawReceiver() }
            for receiver in receivers {
                _ = client.begin(
                    InteropMethods.sleep,
                    options: CallOptions(),
                    first: [],
                    ends: true,
                    receiver: receiver
                )
            }
            await bench.observer.wait { $0.begun >= 90 }
            await bench.server.close()
            for receiver in receivers {
                #expect(await receiver.result().status.error?.reason == .connectionLost)
            }
            #expect(receivers.allSatisfy { $0.endCount == 1 })
        }
    }

    @Test("begins only as often as an address may connect")
    func handshakeRate() async throws {
        func limit(_ configuration: inout TransportServer.Configuration) {
            configuration.handshakes = CallRate(burst: 3, perSecond: 0.001)
            configuration.sparesLoopback = false
        }
        try await TransportBench.run(.tls, change: limit) { bench in
            for _ in 0..<3 {
                let client = try await bench.connect()
                try await client.greeting()
                client.close()
            }
            let fourth = try await bench.connectRaw()
            #expect(await fourth.bytesToEnd().readableBytes == 0)
            #expect(bench.server.counts["limits_total{limit=\"handshake_rate\"}"] == 1)
        }
    }

    @Test("does not begin where nobody listens, with an error that says so")
    func nobodyListens() async throws {
        let error = await failure { () async throws(RPCError) in
            _ = try await ClientConnection.connect(
                to: .unix(path: "/nonexistent/docket.sock"),
                ClientConnection.Configuration(security: .none),
                resources: LoopResources(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            )
        }
        #expect(error?.reason == .connectionLost)
        #expect(error?.isNotProcessed == true)
    }
}
