internal import DocketCrypto
package import DocketRPC
package import DocketTLS
package import DocketWire
package import Logging
internal import NIOCore
package import NIOPosix

/// Decides who a connection acts as.
package protocol Authenticator: Sendable {
    /// Finds whom a token of a HELLO stands for, or throws why it stands for nobody.
    func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity
    /// Whether a connection may go on acting as this identity. Asked about once a second for every
    /// connection, so it answers from memory.
    func isValid(_ identity: CallerIdentity) -> Bool
}

/// Where a server listens, or a client connects to.
package enum TransportAddress: Equatable, Sendable, CustomStringConvertible {
    /// A host name or address and a port; port 0 has the system choose one.
    case tcp(host: String, port: Int)
    /// The path of a Unix socket.
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

/// What all connections of a server share.
struct ServerSettings: Sendable {
    let router: Router
    let limits: Limits
    let authenticator: any Authenticator
    let logger: Logger
    let software: String
    let catalog: [UInt8]
    let wallClock: @Sendable () -> UInt64
    let connections: ConnectionRegistry
    /// The replies that wait.
    let replies: SharedRoom
    /// The messages that have begun and not ended.
    let unfinished: SharedRoom
    let tally: Tally
}

/// Listens, and serves the calls of every connection through a router.
package final class TransportServer: Sendable {
    /// What a server needs beside its address.
    package struct Configuration: Sendable {
        /// How bytes are protected on the way.
        package enum Security: Sendable {
            /// TLS, with the certificate that the holder has when a connection comes.
            case tls(TLSServerContextHolder)
            /// None: for a Unix socket in tests.
            case none
        }

        /// The methods.
        package var router: Router
        /// Who a connection acts as.
        package var authenticator: any Authenticator
        /// How bytes are protected.
        package var security: Security
        /// The bounds of every connection.
        package var limits = Limits()
        /// Connections at once; where all of them act for somebody, more are closed as they come.
        package var maximumConnections = 10_000
        /// Handshakes accepted from one network that is not this machine itself.
        package var handshakes = CallRate(burst: 200, perSecond: 200)
        /// Whether this machine's own addresses are spared from `handshakes`.
        package var sparesLoopback = true
        /// How often a connection looks at the time: at its limits and at its session's end.
        package var sweepInterval: Duration = .seconds(1)
        /// Name and version, told in HELLO.
        package var software = "docket"
        /// Where the server writes what its operator should know.
        package var logger = Logger(label: "docket.transport")
        /// Counts what strangers and callers cause; nil makes a tally that writes to `logger`.
        package var tally: Tally?
        /// The wall clock, in milliseconds since 1970.
        package var wallClock: @Sendable () -> UInt64

        /// A configuration with default bounds.
        package init(
            router: Router,
            authenticator: any Authenticator,
            security: Security,
            wallClock: @escaping @Sendable () -> UInt64
        ) {
            self.router = router
            self.authenticator = authenticator
            self.security = security
            self.wallClock = wallClock
        }
    }

    private let listener: any Channel
    private let settings: ServerSettings
    private var connections: ConnectionRegistry { settings.connections }

    /// Where the server listens, with the port that the system chose.
    package let address: TransportAddress

    private init(listener: any Channel, settings: ServerSettings, address: TransportAddress) {
        self.listener = listener
        self.settings = settings
        self.address = address
    }

    /// Begins to listen.
    package static func bind(
        _ configuration: Configuration,
        to address: TransportAddress,
        group: MultiThreadedEventLoopGroup
    ) async throws -> TransportServer {
        let acceptor = ConnectionAcceptor(configuration: configuration, group: group)
        let tally = acceptor.settings.tally
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Few at a time, so that the handshakes of a crowd go on while the rest of it waits in
            // the kernel's line.
            .serverChannelOption(.maxMessagesPerRead, value: 16)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptRest(tally: tally))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4 << 10,
                    initial: 8 << 10,
                    maximum: 64 << 10
                )
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try acceptor.accept(channel) }
            }
        let listener: any Channel
        do {
            listener = try await listen(bootstrap, on: address)
        } catch {
            throw NetworkFault(listeningOn: address, error)
        }
        return TransportServer(
            listener: listener,
            settings: acceptor.settings,
            address: Self.bound(listener, asked: address)
        )
    }

    private static func listen(
        _ bootstrap: ServerBootstrap,
        on address: TransportAddress
    ) async throws -> any Channel {
        switch address {
        case .tcp(let host, let port):
            try await bootstrap
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
        case .unix(let path):
            try await bootstrap
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        }
    }

    private static func bound(_ listener: any Channel, asked: TransportAddress) -> TransportAddress
    {
        guard case .tcp(let host, _) = asked, let port = listener.localAddress?.port else {
            return asked
        }
        return .tcp(host: host, port: port)
    }

    /// How many connections there are, those that are being set up included.
    package var connectionCount: Int { connections.count }

    /// How many connections are set up, and are told when the server stops.
    package var openConnectionCount: Int { connections.all.count }

    /// What is there now and what has happened so far, by the operator's names.
    package var counts: [String: Double] {
        let strangers = connections.strangers
        let now: [String: Double] = [
            "connections": Double(connections.count),
            "connections_without_principal": Double(strangers.withoutPrincipal),
            "handshakes_in_flight": Double(strangers.handshakes),
            "waiting_reply_bytes": Double(settings.replies.bytes),
            "unfinished_message_bytes": Double(settings.unfinished.bytes),
        ]
        return settings.tally.values.reduce(into: now) { $0[$1.name] = $1.value }
    }

    /// Stops listening, tells every client to go elsewhere and to come back after a time spread
    /// over `spread`, and returns when the last call has ended or the limits' time for it is over.
    package func drain(spread: Duration) async {
        await stopListening()
        let spreadMilliseconds = UInt32(clamping: spread.milliseconds)
        let all = connections.drain(lateReturnMilliseconds: spreadMilliseconds)
        let step = Double(spreadMilliseconds) / Double(max(1, all.count))
        for (index, connection) in all.enumerated() {
            let retryAfter = UInt32(clamping: Int((Double(index) * step).rounded()))
            connection.onLoop { $0.drain(retryAfterMilliseconds: retryAfter) }
        }
        while connections.count > 0, !Task.isCancelled {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                break
            }
        }
    }

    /// Stops listening and closes every connection now.
    package func close() async {
        await stopListening()
        for connection in connections.all {
            connection.onLoop { $0.shutDown() }
        }
    }

    private func stopListening() async {
        do {
            try await listener.close()
        } catch {
            // It was closed before.
        }
    }
}

/// Makes a connection of every socket that the listener accepts, within the limits.
private final class ConnectionAcceptor: Sendable {
    let settings: ServerSettings
    private let configuration: TransportServer.Configuration
    private let resources: [ObjectIdentifier: LoopResources]
    private let handshakes: KeyedRateLimiter<String>

    init(configuration: TransportServer.Configuration, group: MultiThreadedEventLoopGroup) {
        self.configuration = configuration
        handshakes = KeyedRateLimiter(
            rate: configuration.handshakes,
            sparesLoopback: configuration.sparesLoopback
        )
        settings = ServerSettings(
            router: configuration.router,
            limits: configuration.limits,
            authenticator: configuration.authenticator,
            logger: configuration.logger,
            software: configuration.software,
            catalog: configuration.router.catalog,
            wallClock: configuration.wallClock,
            connections: ConnectionRegistry(
                maximum: configuration.maximumConnections,
                limits: configuration.limits
            ),
            replies: SharedRoom(limit: configuration.limits.waitingRepliesInAll) {
                $0.giveUpReplies()
            },
            unfinished: SharedRoom(limit: configuration.limits.unfinishedMessagesInAll) {
                $0.giveUpUnfinished()
            },
            tally: configuration.tally ?? Tally(logger: configuration.logger)
        )
        resources = group.makeIterator().reduce(into: [:]) { resources, eventLoop in
            resources[ObjectIdentifier(eventLoop)] = LoopResources(
                eventLoop: eventLoop,
                sweepInterval: configuration.sweepInterval
            )
        }
    }

    func accept(_ channel: any Channel) throws {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let network = RemoteNetwork(address: address).name
        do throws(RPCError) {
            try handshakes.take(network)
        } catch {
            throw refusal(.handshakeRate, address)
        }
        guard let admitted = settings.connections.admit(network) else {
            throw refusal(.connections, address)
        }
        for other in admitted.gone {
            settings.tally.add(.limit(other.limit), address: address)
            other.connection?.onLoop { $0.shutDown() }
        }
        do {
            try serve(channel, number: admitted.number, address: address)
        } catch {
            settings.connections.remove(admitted.number)
            throw error
        }
    }

    private func refusal(_ limit: TransportLimit, _ address: String) -> ConnectionRefused {
        settings.tally.add(.limit(limit), address: address)
        return ConnectionRefused()
    }

    private func serve(_ channel: any Channel, number: Places.Number, address: String) throws {
        guard let resources = resources[ObjectIdentifier(channel.eventLoop)] else {
            throw ConnectionRefused()
        }
        let layer: ByteLayer
        switch configuration.security {
        case .tls(let holder):
            layer = ByteLayer(
                resources: resources,
                session: try TLSSession(server: holder.context)
            )
        case .none:
            layer = ByteLayer(resources: resources)
        }
        try channel.pipeline.syncOperations.addHandler(
            ServerConnectionHandler(
                server: settings,
                layer: layer,
                resources: resources,
                number: number,
                remoteAddress: address
            )
        )
    }
}

/// A connection came over a limit; its socket is closed.
struct ConnectionRefused: Error {}
