import DocketRPC
import DocketTestSupport
import DocketWire
import Glibc
import InMemoryLogging
import Logging
import NIOCore
import NIOPosix
import SwiftProtobuf
import Testing

@testable import DocketTransport

@Suite("Connections of strangers")
struct StrangerTests {
    private func limit(_ name: String) -> String { "limits_total{limit=\"\(name)\"}" }

    private func limits(_ change: (inout Limits) -> Void) -> Limits {
        var limits = Limits()
        change(&limits)
        return limits
    }

    @Test("that never shake hands make room for whoever comes, and those signed in go on")
    func silent() async throws {
        let limits = limits {
            $0.handshakesInFlightOfNetwork = 3
            // None of them gives its place up for being late.
            $0.handshakeTime = .seconds(60)
        }
        try await TransportBench.run(.tls, limits: limits) { bench in
            let honest = try await bench.connect { $0.token = TestAuthenticator.good }
            _ = try await honest.interop.emptyCall(Docket_Test_Empty())
            var silent: [RawPeer] = []
            for number in 1...10 {
                silent.append(try await bench.connectRaw())
                let most = Double(min(number, 3))
                try await eventually { bench.server.counts["handshakes_in_flight"] == most }
            }
            for peer in silent.prefix(7) { #expect(await peer.bytesToEnd().readableBytes == 0) }
            let newcomer = try await bench.connect()
            _ = try await newcomer.interop.emptyCall(Docket_Test_Empty())
            _ = try await honest.interop.emptyCall(Docket_Test_Empty())
            #expect(bench.server.counts[limit("handshakes_in_flight_of_network")] == 8)
            for peer in silent { peer.close() }
            newcomer.close()
            honest.close()
            try await bench.waitForConnections(0)
            #expect(bench.server.counts["handshakes_in_flight"] == 0)
            #expect(bench.server.counts["connections_without_principal"] == 0)
        }
    }

    @Test("that do not sign in make room for whoever comes, and those signed in go on")
    func withoutPrincipal() async throws {
        let limits = limits { $0.connectionsWithoutPrincipalOfNetwork = 2 }
        try await TransportBench.run(.tls, limits: limits) { bench in
            // Three who have signed in, in one way or the other, take none of those places.
            var honest: [ClientConnection] = []
            for _ in 0..<2 {
                let client = try await bench.connect { $0.token = TestAuthenticator.good }
                try await client.greeting()
                honest.append(client)
            }
            let signedIn = try await bench.connect()
            try await signedIn.signIn()
            honest.append(signedIn)
            try await eventually { bench.server.counts["connections_without_principal"] == 0 }
            var strangers: [ClientConnection] = []
            for _ in 0..<4 {
                let client = try await bench.connect()
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
                strangers.append(client)
            }
            #expect(await strangers[0].closed().reason == .connectionLost)
            #expect(await strangers[1].closed().reason == .connectionLost)
            for client in honest + strangers.suffix(2) {
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
            }
            let name = limit("connections_without_principal_of_network")
            #expect(bench.server.counts[name] == 2)
            for client in honest + strangers { client.close() }
        }
    }

    @Test("are bounded in all, whatever the networks are")
    func inAll() async throws {
        let limits = limits { $0.connectionsWithoutPrincipal = 2 }
        try await TransportBench.run(limits: limits) { bench in
            var peers: [RawPeer] = []
            for _ in 0..<3 { peers.append(try await bench.connectRaw()) }
            await peers[0].bytesToEnd()
            #expect(bench.server.counts[limit("connections_without_principal")] == 1)
            for peer in peers { peer.close() }
        }
    }

    @Test("have a life that neither an open call nor PINGs make longer")
    func life() async throws {
        let limits = limits { $0.lifeWithoutPrincipal = .milliseconds(300) }
        try await TransportBench.run(limits: limits) { bench in
            let peer = try await bench.connectRaw()
            let signedIn = try await bench.connect { $0.token = TestAuthenticator.good }
            peer.send(.hello(), .open(1, InteropMethods.sleep.hash))
            await bench.observer.wait { $0.begun == 1 }
            peer.send(Frame(.ping, payload: ByteBuffer(integer: 1 as UInt64)))
            let frames = await peer.framesToEnd()
            #expect(frames.compactMap(\.goAway).map(\.code) == [.timeout])
            await bench.observer.wait { $0.cancelled == 1 }
            let name = "connections_closed_total{code=\"timeout\",late=\"a principal\"}"
            #expect(bench.server.counts[name] == 1)
            _ = try await signedIn.interop.emptyCall(Docket_Test_Empty())
            signedIn.close()
            peer.close()
        }
    }

    @Test("take no place from those signed in, nor those that of one of them")
    func fullHouse() async throws {
        func limit(_ configuration: inout TransportServer.Configuration) {
            configuration.maximumConnections = 2
        }
        try await TransportBench.run(change: limit) { bench in
            let first = try await bench.connect { $0.token = TestAuthenticator.good }
            _ = try await first.interop.emptyCall(Docket_Test_Empty())
            let stranger = try await bench.connect()
            try await stranger.greeting()
            // The stranger is the one who makes room.
            let second = try await bench.connect { $0.token = TestAuthenticator.good }
            _ = try await second.interop.emptyCall(Docket_Test_Empty())
            #expect(await stranger.closed().reason == .connectionLost)
            try await bench.waitForConnections(2)
            let late = try await bench.connectRaw()
            #expect(await late.bytesToEnd().readableBytes == 0)
            #expect(bench.server.counts[self.limit("connections")] == 2)
            for client in [first, second] {
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
                client.close()
            }
        }
    }

    @Test("who have signed in as one contact make room for that contact and for everybody else")
    func crowdedContact() async throws {
        func limit(_ configuration: inout TransportServer.Configuration) {
            configuration.maximumConnections = 4
            configuration.limits.connectionsOfContact = 3
        }
        try await TransportBench.run(change: limit) { bench in
            var contacts: [ClientConnection] = []
            for _ in 0..<4 {
                let client = try await bench.connect { $0.token = TestAuthenticator.contact }
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
                contacts.append(client)
            }
            #expect(await contacts[0].closed().reason == .connectionLost)
            #expect(bench.server.counts[self.limit("connections_of_contact")] == 1)
            try await bench.waitForConnections(3)
            // Two agents come: the house is full with the first, and the contact gives way.
            var agents: [ClientConnection] = []
            for _ in 0..<2 {
                let client = try await bench.connect { $0.token = TestAuthenticator.good }
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
                agents.append(client)
            }
            #expect(await contacts[1].closed().reason == .connectionLost)
            #expect(bench.server.counts[self.limit("connections")] == 1)
            try await bench.waitForConnections(4)
            _ = try await contacts[3].interop.emptyCall(Docket_Test_Empty())
            for client in contacts + agents { client.close() }
        }
    }

    @Test("are a crowd at once when all of them sign in, and none is turned away")
    func honestCrowd() async throws {
        let limits = limits {
            $0.connectionsWithoutPrincipalOfNetwork = 50
            $0.handshakesInFlightOfNetwork = 50
        }
        try await TransportBench.run(.tls, limits: limits) { bench in
            try await withThrowingTaskGroup(of: ClientConnection.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let client = try await bench.connect { $0.token = TestAuthenticator.good }
                        _ = try await client.interop.emptyCall(Docket_Test_Empty())
                        return client
                    }
                }
                var clients: [ClientConnection] = []
                for try await client in group { clients.append(client) }
                for client in clients {
                    _ = try await client.interop.emptyCall(Docket_Test_Empty())
                    client.close()
                }
            }
        }
    }
}

@Suite("A listener without descriptors")
struct AcceptRestTests {
    @Test("rests from accepting for a second, and says so once")
    func rests() async throws {
        let log = InMemoryLogHandler()
        let tally = Tally(logger: Logger(label: "test") { _ in log })
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptRest(tally: tally))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        for number in [EMFILE, ENFILE, ENOBUFS, ENOMEM] {
            let error = IOError(errnoCode: number, reason: "accept")
            listener.pipeline.fireErrorCaught(error)
        }
        #expect(try await listener.getOption(.autoRead).get() == false)
        try await eventually { try await listener.getOption(.autoRead).get() }
        #expect(tally.values.map(\.name) == ["limits_total{limit=\"descriptors\"}"])
        #expect(tally.values.map(\.value) == [4])
        #expect(log.entries.map(\.level) == [.warning])
        #expect(!AcceptRest.isShortage(ECONNABORTED))
        try await listener.close().get()
        try await group.shutdownGracefully()
    }
}
