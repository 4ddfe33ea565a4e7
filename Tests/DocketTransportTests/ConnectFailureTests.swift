import DocketRPC
import DocketTLS
import DocketTestSupport
import DocketTransport
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite("Why no connection can be made is a sentence")
struct ConnectFailureTests {
    private func message(connectingTo address: TransportAddress) async -> String? {
        let error = await failure { () async throws(RPCError) in
            try await ClientConnection.connect(
                to: address,
                ClientConnection.Configuration(security: .none),
                resources: LoopResources(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            )
        }
        #expect(error?.reason == .connectionLost)
        #expect(error?.isNotProcessed == true)
        return error?.message
    }

    @Test("where nobody listens on a port", arguments: ["127.0.0.1", "localhost"])
    func refused(host: String) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        let message = await message(connectingTo: .tcp(host: host, port: port))
        #expect(message == "cannot connect to \(host):\(port): connection refused")
    }

    @Test("where there is no socket")
    func noSocket() async {
        let path = Protection.socketPath()
        let message = await message(connectingTo: .unix(path: path))
        #expect(message == "cannot connect to \(path): no such file or directory")
    }

    @Test("where a path is too long for a socket")
    func pathTooLong() async {
        let path = "/" + String(repeating: "p", count: 200)
        let message = await message(connectingTo: .unix(path: path))
        #expect(message == "cannot connect to \(path): the path is too long for a socket")
    }

    private func failedGreeting(of client: ClientConnection) async -> String? {
        let error = await failure { () async throws(RPCError) in try await client.greeting() }
        #expect(error?.reason == .connectionLost)
        #expect(error?.isNotProcessed == true)
        return error?.message
    }

    @Test("where the port speaks no TLS")
    func noTLS() async throws {
        let material = try TLSMaterial()
        try await RawServer.run { server in
            let context = try material.client()
            let client = try await server.connect {
                $0.security = .tls(context, .host("desk.example"))
            }
            let peer = try await server.accept()
            peer.send(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"))
            let message = await failedGreeting(of: client)
            #expect(
                message == "cannot make a secure connection: the server does not speak TLS"
            )
            peer.close()
        }
    }

    @Test("where the server's certificate is not trusted")
    func untrusted() async throws {
        let stranger = try TLSMaterial()
        try await TransportBench.run(.tls) { bench in
            let context = try stranger.client()
            let name = try TLSServerName("127.0.0.1")
            let client = try await bench.connect { $0.security = .tls(context, name) }
            let message = await failedGreeting(of: client)
            let why = "the server's certificate is from an authority that is not trusted"
            #expect(message == "cannot make a secure connection: \(why)")
        }
    }
}
