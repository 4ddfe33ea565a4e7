import DocketCrypto
import DocketRPC
import DocketTLS
import DocketTestSupport
import DocketTransport
import DocketWire
import Foundation
import NIOCore
import NIOPosix
import SwiftProtobuf

/// A server of a test's own, and how to reach it.
struct TransportBench {
    /// How bytes are protected on the way.
    enum Security: CaseIterable, CustomStringConvertible {
        case cleartext
        case tls

        var description: String {
            switch self {
            case .cleartext: "a Unix socket"
            case .tls: "TLS"
            }
        }
    }

    let server: TransportServer
    /// What the interop service has seen.
    let observer: InteropObserver
    let authenticator: TestAuthenticator
    let limits: Limits
    let security: ClientConnection.Configuration.Security
    private let group: MultiThreadedEventLoopGroup

    /// Runs a server for as long as `body` takes.
    ///
    /// It serves the interop service unless there is another router.
    static func run<Result>(
        _ security: Security = .cleartext,
        limits: Limits = Limits(),
        group: MultiThreadedEventLoopGroup = .singleton,
        router: Router? = nil,
        change: (inout TransportServer.Configuration) -> Void = { _ in },
        _ body: (TransportBench) async throws -> Result
    ) async throws -> Result {
        let protection = try Protection(security)
        let interop = InteropServer()
        let authenticator = TestAuthenticator()
        var configuration = TransportServer.Configuration(
            router: router ?? interop.router,
            authenticator: authenticator,
            security: protection.server,
            wallClock: { 0 }
        )
        configuration.limits = limits
        // Anybody may call the interop service, with messages as long as those of the signed in.
        configuration.limits.maximumMessageBeforeSignIn = limits.maximumMessage
        configuration.limits.unfinishedMessagesBeforeSignIn = limits.unfinishedMessages
        configuration.sweepInterval = .milliseconds(20)
        change(&configuration)
        let server = try await TransportServer.bind(
            configuration,
            to: protection.address,
            group: group
        )
        let bench = TransportBench(
            server: server,
            observer: interop.observer,
            authenticator: authenticator,
            limits: limits,
            security: protection.client,
            group: group
        )
        do {
            let result = try await body(bench)
            await protection.takeDown(server)
            return result
        } catch {
            await protection.takeDown(server)
            throw error
        }
    }

    /// Connects a client.
    func connect(
        change: (inout ClientConnection.Configuration) -> Void = { _ in }
    ) async throws -> ClientConnection {
        var configuration = ClientConnection.Configuration(security: security)
        configuration.limits = limits
        change(&configuration)
        let resources = LoopResources(eventLoop: group.next(), sweepInterval: .milliseconds(20))
        return try await ClientConnection.connect(
            to: server.address,
            configuration,
            resources: resources
        )
    }

    /// Connects a client that knows nothing of the protocol.
    func connectRaw() async throws -> RawPeer {
        try await RawPeer.connect(to: server.address)
    }

    /// Waits until the server has as many connections.
    func waitForConnections(_ count: Int) async throws {
        try await eventually { server.openConnectionCount == count }
    }
}

/// Both ends' security, and where the server listens.
struct Protection {
    let server: TransportServer.Configuration.Security
    let client: ClientConnection.Configuration.Security
    let address: TransportAddress

    init(_ security: TransportBench.Security) throws {
        switch security {
        case .cleartext:
            server = .none
            client = .none
            address = .unix(path: Self.socketPath())
        case .tls:
            let material = try TLSMaterial()
            server = .tls(TLSServerContextHolder(try material.server()))
            client = .tls(try material.client(), try TLSServerName("127.0.0.1"))
            address = .tcp(host: "127.0.0.1", port: 0)
        }
    }

    /// A path of its own, short enough for a socket's address.
    static func socketPath() -> String {
        FileManager.default.temporaryDirectory
            .appending(path: "docket-\(UUID().uuidString.prefix(13)).sock").path()
    }

    func takeDown(_ server: TransportServer) async {
        await server.close()
        if case .unix(let path) = address { try? FileManager.default.removeItem(atPath: path) }
    }
}

/// Contexts that fit together.
struct TLSMaterial {
    let certificates: TestCertificates
    let ring: TicketKeyRing

    init() throws {
        certificates = try TestCertificates()
        var random = SystemRandomNumberGenerator()
        ring = TicketKeyRing(at: TestCertificates.now, using: &random)
    }

    func configuration(
        names: [SubjectAlternativeName] = TestCertificates.loopback
    ) throws -> TLSServerConfiguration {
        let issued = try certificates.server(names: names)
        return TLSServerConfiguration(
            identity: TLSIdentity(
                certificateChain: issued.certificateChain,
                privateKey: issued.privateKey
            ),
            ticketKeys: ring
        )
    }

    func server() throws -> TLSServerContext {
        try TLSServerContext(configuration(), at: TestCertificates.now)
    }

    func client(
        _ change: (inout TLSClientConfiguration) -> Void = { _ in }
    ) throws -> TLSClientContext {
        var configuration = TLSClientConfiguration(
            trust: .certificates(certificates.authority.certificate)
        )
        change(&configuration)
        return try TLSClientContext(configuration, at: TestCertificates.now)
    }
}

/// Waits until something is so, which other tasks bring about; gives up after half a minute.
func eventually(_ isMet: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while try await !isMet() {
        guard ContinuousClock.now < end else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// What a test waited for did not happen.
struct NeverHappened: Error {}

/// The error that a call fails with, or nil when it succeeds.
func failure<Reply>(of call: () async throws(RPCError) -> Reply) async -> RPCError? {
    do throws(RPCError) {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}

extension ClientConnection {
    var interop: InteropCaller { InteropCaller(channel: self) }

    /// Signs the connection in as an agent, which raises how many calls there may be.
    func signIn() async throws(RPCError) {
        _ = try await interop.signIn(.with { $0.caller = UInt32(Caller.agent.rawValue) })
    }
}
