internal import DocketCalls
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
    private let feeds: FeedHandler
    private let health: HealthHandler
    private let transport: TransportServer
    private let certificates: ServerCertificates
    private let group: MultiThreadedEventLoopGroup
    private let logger: Logger

    /// Where it serves.
    var address: TransportAddress { transport.address }

    private init(
        parts: DeskAssembly, transport: TransportServer, certificates: ServerCertificates,
        group: MultiThreadedEventLoopGroup, logger: Logger
    ) {
        store = parts.store
        desk = parts.desk
        feeds = parts.feeds
        health = parts.health
        self.transport = transport
        self.certificates = certificates
        self.group = group
        self.logger = logger
    }

    /// Opens the store and begins to serve.
    static func start(
        _ configuration: ServerConfiguration, development: Bool, logger: Logger
    ) async throws -> Server {
        guard let address = TransportAddress(hostAndPort: configuration.listen) else {
            throw ServerConfiguration.Fault(
                description: "listen: '\(configuration.listen)' is not HOST:PORT")
        }
        try DataFolder.make(configuration.data)
        let isNew = !DataFolder.hasStore(configuration.data)
        let parts = try DeskAssembly(configuration, logger: logger)
        let setup = development ? DevelopmentSetup(folder: configuration.data) : nil
        let certificates = try ServerCertificates(configuration, development: setup)
        if let setup, isNew { try await setup.fill(parts) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        var transport = TransportServer.Configuration(
            router: parts.router, authenticator: parts.authenticator,
            security: .tls(certificates.holder), wallClock: { SystemClock.milliseconds })
        transport.maximumConnections = configuration.maximumConnections
        transport.logger = logger
        transport.software = "docketd"
        let server = try await TransportServer.bind(transport, to: address, group: group)
        parts.stats.transport.withLock { $0 = server }
        try setup?.writeAddress(server.address)
        return Server(
            parts: parts, transport: server, certificates: certificates, group: group,
            logger: logger)
    }

    /// Serves until a signal, then finishes what was begun and lets go of everything.
    func run() async throws {
        let signals = Signals([SIGTERM, SIGINT, SIGHUP])
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.feeds.beat() }
            tasks.addTask { await self.certificates.rotateTicketKeys() }
            for await signal in signals.received {
                if signal == SIGHUP {
                    certificates.reload(logger: logger)
                } else {
                    break
                }
            }
            logger.info("draining")
            health.drain()
            await drain(unless: signals)
            tasks.cancelAll()
        }
        await transport.close()
        await desk.stop()
        try store.close()
        try await group.shutdownGracefully()
        logger.info("ended")
    }

    /// Drains, unless a second signal asks for the end at once.
    private func drain(unless signals: Signals) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.transport.drain(spread: Self.reconnectSpread) }
            tasks.addTask { for await signal in signals.received where signal != SIGHUP { return } }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Over so long a time clients are asked to spread their return.
    private static let reconnectSpread = Duration.seconds(5)
}

/// The desk with its store and its services.
struct DeskAssembly {
    let store: SQLiteStore
    let desk: Desk
    let identities: Identities
    let authenticator: DeskAuthenticator
    let feeds: FeedHandler
    let health: HealthHandler
    let stats: ServerStats
    let router: Router

    init(_ configuration: ServerConfiguration, logger: Logger) throws {
        let clock = SystemClock()
        var random = try SecureRandom()
        let policy = try PolicyDocument.read(configuration.policy)
        store = try SQLiteStore(
            directory: configuration.data, newEpoch: Epoch(random.next()))
        desk = try Desk(
            store: store, policy: policy, clock: clock, random: random, logger: logger,
            onFatal: { error in
                // Whether the last commit is on the disk is not known, so nothing may be answered
                // from memory any more: the process ends, and the next start reads what is there.
                logger.critical("the store failed", metadata: ["error": "\(error)"])
                exit(FatalExit.store)
            })
        let passwords = PasswordPool()
        let absent = try PasswordHash(
            of: Secret("nobody"), parameters: .standard, using: &random)
        identities = Identities(
            desk: desk, tools: .openSSL(passwords: passwords), absentHash: absent.text)
        let registry = SessionRegistry(identities: identities, clock: clock)
        authenticator = DeskAuthenticator(registry: registry)
        feeds = FeedHandler(desk: desk)
        health = HealthHandler(desk: desk)
        stats = ServerStats(desk: desk)
        router = Self.router(
            desk: desk, identities: identities, registry: registry, feeds: feeds, health: health,
            stats: stats, folder: configuration.data, logger: logger)
    }

    private static func router(
        desk: Desk, identities: Identities, registry: SessionRegistry, feeds: FeedHandler,
        health: HealthHandler, stats: ServerStats, folder: String, logger: Logger
    ) -> Router {
        let commands: [Method] = [
            ConversationsMethods.open, ConversationsMethods.post, ConversationsMethods.markRead,
            ConversationsMethods.typing,
        ]
        var router = Router(interceptors: [
            AccessInterceptor(),
            RateLimitInterceptor(rates: [.contact: ServerRates.contact], limited: commands),
            stats.interceptor, LoggingInterceptor(logger: logger),
        ])
        health.register(in: &router)
        feeds.register(in: &router)
        DiagnosticsHandler().register(in: &router)
        ConversationsHandler(desk: desk).register(in: &router)
        RequestsHandler(desk: desk).register(in: &router)
        ContactsHandler(desk: desk).register(in: &router)
        SessionsHandler(
            desk: desk, identities: identities, registry: registry, clock: SystemClock(),
            guests: KeyedRateLimiter(rate: ServerRates.guests, sparesLoopback: true),
            attempts: KeyedRateLimiter(rate: ServerRates.attempts, sparesLoopback: true)
        ).register(in: &router)
        AdministrationHandler(
            desk: desk, identities: identities, backupFolder: folder,
            stats: { await stats.values() }
        ).register(in: &router)
        return router
    }
}

/// How often callers may do what costs the desk something.
enum ServerRates {
    /// Commands of one contact.
    static let contact = CallRate(burst: 100, perSecond: 20)
    /// New guests from one address.
    static let guests = CallRate(burst: 5, perSecond: 5)
    /// Wrong secrets from one address.
    static let attempts = CallRate(burst: 10, perSecond: 1)
}

/// Exit codes of a server that cannot go on (sysexits.h).
enum FatalExit {
    /// The store failed: the same start may succeed later.
    static let store: Int32 = 75
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

extension PolicyDocument {
    /// Reads the document at a path, or the shipped default.
    static func read(_ path: String?) throws -> Policy {
        guard let path else { return try parse(defaultText) }
        return try parse(String(contentsOfFile: path, encoding: .utf8))
    }
}
