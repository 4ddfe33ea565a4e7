internal import DocketCommandLine
internal import DocketCrypto
internal import DocketDesk
internal import DocketDomain
internal import DocketPolicy
internal import DocketRPC
internal import DocketServices
internal import DocketStore
internal import DocketStoreSQLite
internal import DocketTLS
internal import DocketTransport
internal import DocketWire
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The server put together: the store, the desk on it, the services on that, and the transport.
final class Server: Sendable {
    private let store: SQLiteStore
    private let desk: Desk
    private let services: DeskServices
    private let transport: TransportServer
    private let certificates: ServerCertificates
    private let group: MultiThreadedEventLoopGroup
    private let events: ServerEvents
    private let tally: Tally
    private let logger: Logger

    /// Where it serves.
    var address: TransportAddress { transport.address }

    private init(
        parts: DeskAssembly,
        transport: TransportServer,
        certificates: ServerCertificates,
        group: MultiThreadedEventLoopGroup,
        events: ServerEvents,
        logger: Logger
    ) {
        store = parts.store
        desk = parts.desk
        services = parts.services
        tally = parts.tally
        self.transport = transport
        self.certificates = certificates
        self.group = group
        self.events = events
        self.logger = logger
    }

    /// Opens the store and begins to serve.
    static func start(
        _ configuration: ServerConfiguration,
        development: Bool,
        logger: Logger
    ) async throws -> Server {
        guard let address = TransportAddress(hostAndPort: configuration.listen) else {
            throw ServerConfiguration.Fault(
                description: "listen: '\(configuration.listen)' is not HOST:PORT"
            )
        }
        let events = ServerEvents()
        try DataFolder.make(configuration.data)
        DataFolder.removeCopies(configuration.data)
        let parts = try configuration.explained(configuration.data) {
            try DeskAssembly(configuration, events: events, logger: logger)
        }
        let setup =
            development ? DevelopmentSetup(folder: configuration.data, listen: address) : nil
        let certificates = try ServerCertificates(configuration, development: setup)
        let credentials = try await setup?.fill(parts)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let transport = try await TransportServer.bind(
            transport(configuration, parts, certificates, logger),
            to: address,
            group: group
        )
        parts.stats.transport.withLock { $0 = transport }
        if let credentials { try setup?.publish(credentials, address: transport.address) }
        return Server(
            parts: parts,
            transport: transport,
            certificates: certificates,
            group: group,
            events: events,
            logger: logger
        )
    }

    private static func transport(
        _ configuration: ServerConfiguration,
        _ parts: DeskAssembly,
        _ certificates: ServerCertificates,
        _ logger: Logger
    ) -> TransportServer.Configuration {
        let limit = Descriptors.raiseLimit()
        let connections = Descriptors.connections(
            wanted: configuration.maximumConnections,
            limit: limit
        )
        if connections < configuration.maximumConnections {
            logger.warning(
                "the limit of open files allows fewer connections than maximum_connections",
                metadata: ["connections": "\(connections)", "open_files": "\(limit)"]
            )
        }
        var transport = TransportServer.Configuration(
            router: parts.router,
            authenticator: DeskAuthenticator(registry: parts.services.registry),
            security: .tls(certificates.holder),
            wallClock: { SystemClock.milliseconds }
        )
        transport.maximumConnections = connections
        transport.tally = parts.tally
        transport.logger = logger
        transport.software = "docketd"
        return transport
    }

    /// Serves until it is told to end, then finishes what was begun and lets go of everything.
    ///
    /// - Returns: How the process ends. Where the store has failed its files are left as they are,
    ///   for the next start to recover.
    func run() async throws -> ExitStatus {
        let hasStore = await serve()
        await transport.close()
        await desk.stop()
        guard hasStore else { return .tryAgainLater }
        try store.close()
        try await group.shutdownGracefully()
        logger.info("ended")
        return .done
    }

    /// Serves and drains; gives whether the store is still sound.
    private func serve() async -> Bool {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.services.feeds.beat() }
            tasks.addTask { await self.services.attachments.keepHouse() }
            tasks.addTask { await self.certificates.rotateTicketKeys() }
            tasks.addTask { await self.tally.reportAll() }
            defer { tasks.cancelAll() }
            let hasStore = await waitForEnd()
            logger.info("draining")
            services.health.drain()
            if hasStore { return await drain() }
            await drain(atMost: Self.farewell)
            return false
        }
    }

    /// Returns when the server is told to end; gives whether the store is still sound.
    private func waitForEnd() async -> Bool {
        while let event = await events.next() {
            switch event {
            case .end: return true
            case .reload: certificates.reload(logger: logger)
            case .storeFailed: return false
            }
        }
        return true
    }

    /// Drains, unless a second signal asks for the end at once or the store fails; gives whether
    /// the store is still sound.
    private func drain() async -> Bool {
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                await self.transport.drain(spread: Self.reconnectSpread)
                return true
            }
            tasks.addTask {
                while let event = await self.events.next() {
                    if event != .reload { return event == .end }
                }
                return true
            }
            defer { tasks.cancelAll() }
            return await tasks.next() ?? true
        }
    }

    /// Drains for a time only.
    private func drain(atMost time: Duration) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.transport.drain(spread: Self.reconnectSpread) }
            tasks.addTask { try? await Task.sleep(for: time) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Over so long a time clients are asked to spread their return.
    private static let reconnectSpread = Duration.seconds(5)
    /// How long a server without a store stays for the answers that are on their way.
    private static let farewell = Duration.seconds(1)
}

/// The desk with its store and its services.
struct DeskAssembly {
    let store: SQLiteStore
    let desk: Desk
    let identities: Identities
    let services: DeskServices
    let stats: ServerStats
    let tally: Tally
    let router: Router

    init(
        _ configuration: ServerConfiguration,
        events: ServerEvents,
        logger: Logger
    ) throws {
        let clock = SystemClock()
        var random = try SecureRandom()
        store = try configuration.openStore(newEpoch: Epoch(random.next()))
        let rules = try StartingRules(store, configuration.policy, logger: logger)
        desk = try Desk(
            store: store,
            policy: rules.policy,
            policyText: rules.text,
            clock: clock,
            random: PlentifulRandom(from: random),
            hash: AuditHashes.openSSL(),
            logger: logger,
            // Whether the last commit is on the disk is not known, so nothing may be answered from
            // memory any more: the process ends, and the next start reads what is there.
            onFatal: { _ in events.tell(.storeFailed) }
        )
        let passwords = PasswordPool()
        let absent = try PasswordHash(
            of: Secret("nobody"),
            parameters: .standard,
            using: &random
        )
        identities = Identities(
            desk: desk,
            tools: .openSSL(passwords: passwords),
            absentHash: absent.text
        )
        let stats = ServerStats(desk: desk)
        let services = DeskServices(
            DeskServices.Parts(
                desk: desk,
                identities: identities,
                clock: clock,
                backupFolder: configuration.data,
                attachmentFiles: AttachmentFiles(
                    folder: DataFolder.attachments(in: configuration.data)
                ),
                stats: { await stats.values() }
            )
        )
        self.stats = stats
        self.services = services
        tally = Tally(logger: logger)
        router = services.router(
            observers: [stats.interceptor, LoggingInterceptor(logger: logger, tally: tally)]
        )
    }
}

/// The desk's sessions as the transport asks for them.
struct DeskAuthenticator: Authenticator {
    let registry: SessionRegistry

    func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity {
        try await registry.authenticate(token: token)
    }

    func isValid(_ identity: CallerIdentity) -> Bool {
        registry.isValid(identity)
    }
}
