internal import DocketCalls
package import DocketDesk
package import DocketRPC
internal import DocketStore

/// Every service of a desk, put together in one place, so that a server cannot forget one.
package struct DeskServices: Sendable {
    /// What the services need beside the desk.
    package struct Parts: Sendable {
        /// The desk that is served.
        package var desk: Desk
        /// Who may sign in on it.
        package var identities: Identities
        /// Where the time comes from: the desk's own clock.
        package var clock: any DeskClock
        /// How often callers may do what costs the desk something.
        package var rates = ServiceRates()
        /// The folder in which copies of the store are made; they are removed once they are sent.
        package var backupFolder: String
        /// The contents of attachments.
        package var attachmentFiles: AttachmentFiles
        /// Gives the server's counters by name.
        package var stats: @Sendable () async -> [(name: String, value: Double)]

        /// Puts the parts together, with the rates of a server.
        package init(
            desk: Desk,
            identities: Identities,
            clock: any DeskClock,
            backupFolder: String,
            attachmentFiles: AttachmentFiles,
            stats: @escaping @Sendable () async -> [(name: String, value: Double)]
        ) {
            self.desk = desk
            self.identities = identities
            self.clock = clock
            self.backupFolder = backupFolder
            self.attachmentFiles = attachmentFiles
            self.stats = stats
        }
    }

    /// The sessions that connections act through.
    package let registry: SessionRegistry
    /// The feeds, which owe their clients heartbeats.
    package let feeds: FeedHandler
    /// The attachments, some uploads of which are never finished.
    package let attachments: AttachmentsHandler
    /// What the server says of itself.
    package let health: HealthHandler
    private let parts: Parts

    /// Makes the services of a desk.
    package init(_ parts: Parts) {
        self.parts = parts
        registry = SessionRegistry(identities: parts.identities, clock: parts.clock)
        feeds = FeedHandler(desk: parts.desk)
        attachments = AttachmentsHandler(
            desk: parts.desk,
            files: parts.attachmentFiles,
            clock: parts.clock
        )
        health = HealthHandler(desk: parts.desk)
    }

    /// Makes the router of all services.
    ///
    /// A call passes the checks of rights and rates first, and then `observers`, in their order.
    package func router(observers: [any Interceptor] = []) -> Router {
        let limited = [
            ConversationsMethods.open, ConversationsMethods.post, ConversationsMethods.markRead,
            ConversationsMethods.markReceived, ConversationsMethods.typing, RequestsMethods.create,
            ContactsMethods.update, AttachmentsMethods.upload, ChannelsMethods.list,
        ]
        let rates = RateLimitInterceptor(rates: [.contact: parts.rates.contact], limited: limited)
        var router = Router(
            interceptors: [AccessInterceptor(), rates] + observers,
            fingerprint: Digest.fingerprint
        )
        register(in: &router)
        return router
    }

    private func register(in router: inout Router) {
        let desk = parts.desk
        health.register(in: &router)
        feeds.register(in: &router)
        attachments.register(in: &router)
        DiagnosticsHandler().register(in: &router)
        ConversationsHandler(desk: desk).register(in: &router)
        RequestsHandler(desk: desk).register(in: &router)
        PoliciesHandler(desk: desk).register(in: &router)
        ContactsHandler(desk: desk).register(in: &router)
        SearchHandler(desk: desk).register(in: &router)
        TicketsHandler(desk: desk).register(in: &router)
        CompaniesHandler(desk: desk).register(in: &router)
        AuditHandler(desk: desk).register(in: &router)
        AgentsHandler(desk: desk).register(in: &router)
        ChannelsHandler(desk: desk).register(in: &router)
        SessionsHandler(
            desk: desk,
            identities: parts.identities,
            registry: registry,
            clock: parts.clock,
            guests: limiter(parts.rates.guests),
            attempts: limiter(parts.rates.attempts),
            signIns: limiter(parts.rates.signIns)
        ).register(in: &router)
        AdministrationHandler(
            desk: desk,
            identities: parts.identities,
            backupFolder: parts.backupFolder,
            stats: parts.stats
        ).register(in: &router)
        // Behind the services whose methods a lane may have.
        CommandsHandler(desk: desk, router: router).register(in: &router)
    }

    private func limiter(_ rate: CallRate) -> KeyedRateLimiter<String> {
        KeyedRateLimiter(rate: rate, sparesLoopback: parts.rates.sparesLoopback)
    }
}
