import DocketCrypto
import DocketRPC
import DocketTLS
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import SwiftProtobuf
import Testing

@Suite("The transport's TLS")
struct SecurityTests {
    /// A server with TLS, and what a client needs.
    private func run(
        limits: Limits = Limits(),
        _ body: (TransportBench, TLSMaterial, TLSServerContextHolder) async throws -> Void
    ) async throws {
        let material = try TLSMaterial()
        let holder = TLSServerContextHolder(try material.server())
        func hold(_ configuration: inout TransportServer.Configuration) {
            configuration.security = .tls(holder)
        }
        try await TransportBench.run(.tls, limits: limits, change: hold) {
            try await body($0, material, holder)
        }
    }

    /// Why a client with this context fails.
    private func failure(
        _ bench: TransportBench,
        _ context: TLSClientContext,
        name: String = "127.0.0.1"
    ) async throws -> RPCError? {
        let serverName = try TLSServerName(name)
        let client = try await bench.connect { $0.security = .tls(context, serverName) }
        defer { client.close() }
        do throws(RPCError) {
            _ = try await client.interop.emptyCall(Docket_Test_Empty())
            return nil
        } catch {
            return error
        }
    }

    @Test("refuses an application protocol that is not ours")
    func wrongProtocol() async throws {
        try await run { bench, material, _ in
            let context = try material.client { $0.applicationProtocols = ["h2", "http/1.1"] }
            let error = try await failure(bench, context)
            #expect(error?.reason == .connectionLost)
            #expect(error?.isNotProcessed == true)
            #expect(error?.message.hasSuffix("does not speak docket/1") == true)
        }
    }

    @Test("refuses TLS 1.2 by default")
    func oldVersion() async throws {
        try await run { bench, material, _ in
            let context = try material.client {
                $0.minimumVersion = .tls12
                $0.maximumVersion = .tls12
            }
            let error = try await failure(bench, context)
            #expect(error?.isNotProcessed == true)
            #expect(error?.message.hasSuffix("no version of TLS in common") == true)
        }
    }

    @Test("has a client refuse a server of an authority that it does not know")
    func unknownAuthority() async throws {
        try await run { bench, _, _ in
            let error = try await failure(bench, TLSMaterial().client())
            #expect(error?.isNotProcessed == true)
            #expect(error?.message.hasSuffix("authority that is not trusted") == true)
        }
    }

    @Test("has a client refuse a server of another name")
    func wrongName() async throws {
        try await run { bench, material, _ in
            let error = try await failure(bench, material.client(), name: "desk.example")
            #expect(error?.isNotProcessed == true)
            #expect(error?.message.hasSuffix("is for another name") == true)
        }
    }

    @Test("ends a connection that speaks something else, and serves the next one")
    func notTLS() async throws {
        try await run { bench, material, _ in
            for text in [
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "SSH-2.0-x\r\n", "\u{16}\u{3}",
            ] {
                let peer = try await bench.connectRaw()
                peer.send(ByteBuffer(string: text))
                try await peer.endOutput()
                await peer.bytesToEnd()
                peer.close()
            }
            #expect(try await failure(bench, material.client()) == nil)
            try await bench.waitForConnections(0)
        }
    }

    @Test("closes a connection whose handshake takes too long")
    func slowHandshake() async throws {
        var limits = Limits()
        limits.handshakeTime = .milliseconds(100)
        try await run(limits: limits) { bench, _, _ in
            let peer = try await bench.connectRaw()
            #expect(await peer.bytesToEnd().readableBytes == 0)
            #expect(bench.server.counts["limits_total{limit=\"handshake_time\"}"] == 1)
        }
    }

    @Test("has a client give up a handshake that takes too long")
    func silentServer() async throws {
        let context = try TLSMaterial().client()
        try await RawServer.run { server in
            let client = try await server.connect {
                $0.security = .tls(context, .host("desk.example"))
                $0.limits.handshakeTime = .milliseconds(100)
            }
            let peer = try await server.accept()
            let error = await client.closed()
            #expect(error.reason == .timeout)
            #expect(error.isNotProcessed)
            await peer.bytesToEnd()
            peer.close()
        }
    }

    @Test("resumes a session with a ticket")
    func resumption() async throws {
        try await run { bench, material, _ in
            let context = try material.client()
            let name = try TLSServerName("127.0.0.1")
            for isResumed in [false, true] {
                let client = try await bench.connect {
                    $0.security = .tls(context, name)
                }
                _ = try await client.interop.emptyCall(Docket_Test_Empty())
                let peer = await client.peer()
                #expect(peer?.isResumed == isResumed)
                #expect(peer?.version == .tls13)
                #expect(peer?.applicationProtocol == "docket/1")
                client.close()
                _ = await client.closed()
            }
        }
    }

    @Test("takes a new certificate without a restart, and live connections go on")
    func reload() async throws {
        try await run { bench, material, holder in
            let context = try material.client { $0.ticketLimit = 0 }
            let name = try TLSServerName("127.0.0.1")
            let live = try await bench.connect {
                $0.security = .tls(context, name)
            }
            _ = try await live.interop.emptyCall(Docket_Test_Empty())
            let names = TestCertificates.loopback + [.dns("new.example")]
            try holder.reload(material.configuration(names: names), at: TestCertificates.now)
            #expect(try await failure(bench, context, name: "new.example") == nil)
            _ = try await live.interop.emptyCall(Docket_Test_Empty())
            #expect(await live.isOpen())
            live.close()
        }
    }
}
