internal import DocketCalls
internal import DocketRPC
internal import DocketTransport
internal import DocketWire
internal import Logging
internal import NIOPosix

/// What the holder of a profile serves to those who visit it, on the socket in its folder.
final class HolderServer: Sendable {
    /// What a visitor shows as its token: the version of what the two say to each other.
    static let token = Array("docket-profile/1".utf8)
    /// How many visitors there may be at once.
    private static let maximumVisitors = 256

    private let socket: HolderSocket
    private let server: TransportServer

    private init(_ socket: HolderSocket, _ server: TransportServer) {
        self.socket = socket
        self.server = server
    }

    /// Begins to serve the outbox of a client that has the profile in a folder.
    ///
    /// - Throws: `ProfileError.failed` where the system does not let it listen.
    static func start(
        _ client: DocketClient,
        in folder: String
    ) async throws(ProfileError) -> HolderServer {
        let socket = try HolderSocket(in: folder)
        try socket.shut()
        var router = Router()
        OutboxHolder(client.runner, client.marks).register(in: &router)
        let clock = client.engine.clock
        var configuration = TransportServer.Configuration(
            router: router,
            authenticator: VisitorAuthenticator(),
            security: .none,
            wallClock: { clock.moment().millisecondsSinceEpoch }
        )
        configuration.maximumConnections = maximumVisitors
        configuration.limits.connectionsOfContact = maximumVisitors
        configuration.software = DocketClient.software
        // Who visits is told by the replies; a program's own output is not for this.
        configuration.logger = Logger(label: "docket.holder") { _ in SwiftLogNoOpLogHandler() }
        let server: TransportServer
        do {
            server = try await TransportServer.bind(
                configuration,
                to: .unix(path: socket.path),
                group: .singleton
            )
        } catch {
            throw .failed("\(folder)/\(HolderSocket.name): \(error)")
        }
        do throws(ProfileError) {
            try socket.own()
        } catch {
            await server.close()
            throw error
        }
        return HolderServer(socket, server)
    }

    /// Ends the visits.
    ///
    /// What was acknowledged stays; what was not is asked of the next holder.
    func close() async {
        socket.remove()
        await server.close()
    }
}

/// Lets those in who speak the same version; others cannot reach the socket than the user.
private struct VisitorAuthenticator: Authenticator {
    private final class Visitor: Sendable {}

    func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity {
        guard token == HolderServer.token else {
            throw RPCError(.sessionExpired, "the process that has the profile is another version")
        }
        return CallerIdentity(
            caller: .contact,
            id: [UInt8](repeating: 0, count: 16),
            details: Visitor()
        )
    }

    func isValid(_ identity: CallerIdentity) -> Bool { true }
}
