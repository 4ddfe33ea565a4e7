internal import DocketCalls
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import DocketTLS
internal import DocketTransport
internal import DocketWire
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import SwiftProtobuf

/// Opens connections for a load: all on one event loop, which is the load's one thread.
struct LoadClient {
    let address: TransportAddress
    let resources: LoopResources
    private let credentials: CredentialsFile
    private let security: ClientConnection.Configuration.Security
    private let group: MultiThreadedEventLoopGroup

    /// Reads the file at `path`.
    ///
    /// Without `resumes` every TLS handshake is a full one.
    init(credentials path: String, resumes: Bool = true) throws {
        credentials = try CredentialsFile.read(path)
        address = try credentials.transportAddress
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        resources = LoopResources(eventLoop: group.next())
        security = try .tls(credentials, at: address, ticketLimit: resumes ? 256 : 0)
    }

    func shutDown() async throws {
        try await group.shutdownGracefully()
    }

    /// Connects, with a token or without.
    func connect(token: [UInt8] = []) async throws(RPCError) -> ClientConnection {
        var configuration = ClientConnection.Configuration(security: security)
        configuration.token = token
        configuration.software = "docket-load"
        return try await ClientConnection.connect(
            to: address,
            configuration,
            resources: resources
        )
    }

    /// Connects so many times with one token, a few at once, and waits for every greeting.
    func connect(_ count: Int, token: [UInt8]) async throws(RPCError) -> [ClientConnection] {
        var connections: [ClientConnection] = []
        for _ in 0..<count {
            let connection = try await connect(token: token)
            try await connection.greeting()
            connections.append(connection)
        }
        return connections
    }

    /// Signs in with the file's API key and gives the session's token.
    func signInWithKey() async throws -> [UInt8] {
        guard let key = credentials.apiKey else { throw MissingCredential(name: "api_key") }
        return try await signIn { $0.apiKey = key }
    }

    /// Signs in as the file's agent and gives the session's token.
    func signInAsAgent() async throws -> [UInt8] {
        guard let agent = credentials.agent else { throw MissingCredential(name: "agent") }
        return try await signIn {
            $0.login = .with { secret in
                secret.login = agent.login
                secret.password = agent.password
            }
        }
    }

    private func signIn(_ secret: (inout Docket_V1_SignInCall) -> Void) async throws -> [UInt8] {
        let connection = try await connect()
        defer { connection.close() }
        var call = Docket_V1_SignInCall()
        secret(&call)
        let reply = try await SessionsCaller(channel: connection).signIn(call)
        return Array(reply.session.token)
    }
}

/// The credentials file lacks what the load signs in with.
struct MissingCredential: Error, CustomStringConvertible {
    let name: String
    var description: String { "the credentials file has no \(name)" }
}

extension ClientConnection.Configuration.Security {
    /// TLS to the server that a credentials file names.
    static func tls(
        _ credentials: CredentialsFile,
        at address: TransportAddress,
        ticketLimit: Int
    ) throws -> ClientConnection.Configuration.Security {
        let trust: TLSClientConfiguration.Trust =
            credentials.authority.map { .certificates($0) } ?? .system
        var configuration = TLSClientConfiguration(trust: trust)
        configuration.ticketLimit = ticketLimit
        let context = try TLSClientContext(
            configuration,
            at: UnixTime(secondsSinceEpoch: Int64(time(nil)))
        )
        guard case .tcp(let host, _) = address else { return .none }
        return .tls(context, try TLSServerName(host))
    }
}
