internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import DocketTLS
internal import DocketTransport
internal import NIOPosix
internal import SwiftProtobuf

/// Where a running server is and who asks.
struct ServerOptions: ParsableArguments {
    @Option(help: "A credentials file with an administrator, as serve --dev writes it.")
    var credentials: String

    /// Connects, does something, and closes.
    func withServer<Result>(
        _ body: (ClientConnection, CredentialsFile) async throws -> Result
    ) async throws -> Result {
        let file = try Self.read(credentials)
        let address = try file.transportAddress
        let group = MultiThreadedEventLoopGroup.singleton
        let resources = LoopResources(eventLoop: group.next())
        let security = try file.security(at: address)
        let connection = try await ClientConnection.connect(
            to: address,
            ClientConnection.Configuration(security: security),
            resources: resources
        )
        defer { connection.close() }
        return try await body(connection, file)
    }

    private static func read(_ path: String) throws(CommandFailure) -> CredentialsFile {
        do throws(CredentialsFault) {
            return try CredentialsFile.read(path)
        } catch {
            let words = LocalFile.credentialsFault(error.description, path: path)
            throw CommandFailure(words, status: .localFile)
        }
    }

    /// Connects and signs in as the file's administrator.
    func withAdministrator<Result>(
        _ body: (ClientConnection) async throws -> Result
    ) async throws -> Result {
        try await withServer { connection, file in
            guard let administrator = file.administrator else {
                throw CommandFailure("\(credentials) has no administrator", status: .usage)
            }
            var call = Docket_V1_SignInCall()
            call.login.login = administrator.login
            call.login.password = administrator.password
            _ = try await SessionsCaller(channel: connection).signIn(call)
            return try await body(connection)
        }
    }
}

extension CredentialsFile {
    /// TLS to the server that the file names.
    func security(
        at address: TransportAddress
    ) throws -> ClientConnection.Configuration.Security {
        guard case .tcp(let host, _) = address else { return .none }
        let trust: TLSClientConfiguration.Trust = authority.map { .certificates($0) } ?? .system
        let context = try TLSClientContext(
            TLSClientConfiguration(trust: trust),
            at: SystemClock.unixTime
        )
        return .tls(context, try TLSServerName(host))
    }
}
