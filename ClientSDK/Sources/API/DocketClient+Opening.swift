public import Logging

extension DocketClient {
    /// Opens a client that keeps its outbox in a profile.
    ///
    /// It begins to connect at once and goes on until it is closed; it can be used before it has
    /// ever been connected. What an earlier process has queued in the profile is sent as soon as
    /// that is possible. A profile belongs to the first principal that signs in with it.
    ///
    /// - Parameters:
    ///   - profile: The profile, for one client.
    ///   - server: The server.
    ///   - credential: What to sign in with. A profile remembers the guest that it made: `newGuest`
    ///     makes one the first time and signs the same one in later.
    ///   - logger: Told of connections, commands and feeds, and never of what was said; nil for
    ///     nothing.
    /// - Returns: The client.
    /// - Throws: `invalidInput` if the server's name or certificates are unusable, or another
    ///   client has the profile; `otherPrincipal` if the profile belongs to somebody else;
    ///   `storage` if it cannot be read or written.
    public static func open(
        _ profile: Profile,
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil
    ) async throws(DocketClientError) -> DocketClient {
        try await open(profile, to: server, as: credential, logger: logger) { _ in }
    }

    /// Opens a client that tells `failpoint` where it stands, for tests that end the process there.
    package static func open(
        _ profile: Profile,
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void
    ) async throws(DocketClientError) -> DocketClient {
        try await open(
            profile,
            over: try NetworkConnector(to: server, software: software),
            as: credential,
            clock: .system,
            random: SystemRandomNumberGenerator(),
            logger: logger,
            failpoint: failpoint
        )
    }

    /// Opens a client over any connections, with its time and chance given.
    package static func open(
        _ profile: Profile,
        over connector: any Connector,
        as credential: Credential,
        clock: EngineClock,
        random: any RandomNumberGenerator & Sendable,
        logger: Logger? = nil,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void = { _ in }
    ) async throws(DocketClientError) -> DocketClient {
        guard profile.claim() else {
            throw DocketClientError(.invalidInput, "another client has this profile")
        }
        var random = random
        let (content, signIn): (LocalContent, SignIn)
        do throws(DocketClientError) {
            (content, signIn) = try await begin(profile.store, as: credential, clock, &random)
        } catch {
            profile.release()
            throw error
        }
        return DocketClient(
            connector,
            signIn,
            clock: clock,
            random: random,
            logger: logger,
            store: profile.store,
            content: content,
            spool: FolderSpool(folder: "\(profile.folder)/\(Profile.spoolName)"),
            profile: profile,
            isDurable: true,
            failpoint: failpoint
        )
    }

    /// Opens a client over what an earlier one has left on a disk in memory.
    ///
    /// - Parameters:
    ///   - disk: The disk, for one client at a time.
    ///   - connector: What makes its connections.
    ///   - credential: What to sign in with, as for a profile.
    ///   - clock: Its time.
    ///   - random: Its chance.
    ///   - capacity: How many messages its outbox holds; nil for as many as others hold.
    ///   - snapshotPage: How many conversations a page of a snapshot has; nil for as many as others
    ///     have.
    ///   - obstacle: Asked before every commit what stands in its way.
    /// - Returns: The client.
    /// - Throws: As for a profile.
    package static func open(
        _ disk: MemoryDisk,
        over connector: any Connector,
        as credential: Credential,
        clock: EngineClock,
        random: any RandomNumberGenerator & Sendable,
        capacity: Int? = nil,
        snapshotPage: UInt32? = nil,
        obstacle: @escaping @Sendable () -> MemoryDisk.Obstacle? = { nil }
    ) async throws(DocketClientError) -> DocketClient {
        let store = LocalStore(on: disk, obstacle: obstacle)
        var (random, limits) = (random, OutboxLimits())
        limits.commands = capacity ?? limits.commands
        let (content, signIn) = try await begin(store, as: credential, clock, &random)
        return DocketClient(
            connector,
            signIn,
            clock: clock,
            random: random,
            logger: nil,
            store: store,
            content: content,
            spool: disk.spool,
            isDurable: true,
            limits: limits,
            snapshotPage: snapshotPage ?? ReplicaRunner.snapshotPage
        )
    }

    /// Opens a client beside a profile that another process has.
    ///
    /// It begins with what the profile holds, and keeps what it learns itself in memory.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder.
    ///   - connector: What makes its connections.
    ///   - credential: What to sign in with, as for a profile.
    ///   - clock: Its time.
    ///   - logger: Told what happens; nil for nothing.
    /// - Returns: The client.
    /// - Throws: As for a profile.
    static func visiting(
        _ folder: String,
        over connector: any Connector,
        as credential: Credential,
        _ clock: EngineClock,
        logger: Logger?
    ) async throws(DocketClientError) -> DocketClient {
        let store: LocalStore
        do throws(LocalStoreError) {
            store = try await .copy(of: folder + "/\(Profile.fileName)")
        } catch {
            throw DocketClientError(error)
        }
        var random = SystemRandomNumberGenerator()
        let (content, signIn) = try await begin(store, as: credential, clock, &random)
        return DocketClient(
            connector,
            signIn,
            clock: clock,
            random: random,
            logger: logger,
            store: store,
            content: content
        )
    }

    /// Reads what a profile holds, and keeps the key of a guest before the guest is made.
    private static func begin(
        _ store: LocalStore,
        as credential: Credential,
        _ clock: EngineClock,
        _ random: inout some RandomNumberGenerator
    ) async throws(DocketClientError) -> (LocalContent, SignIn) {
        var signIn = SignIn(credential, at: clock.moment(), random: &random)
        var content: LocalContent
        do throws(LocalStoreError) {
            content = try store.content()
            try await content.stopOrphans(in: store)
            if content.owner == nil, let guest = signIn.newOwner {
                try await store.commit([.owner(guest)])
                content.owner = guest
            }
        } catch {
            throw DocketClientError(error)
        }
        if let owner = content.owner { try signIn.go(on: owner) }
        return (content, signIn)
    }
}

extension LocalContent {
    /// Stops the commands of a store from which a salvage could not read whose it is.
    ///
    /// Whoever signs in next may be somebody else: the messages wait until a person retries or
    /// discards each.
    fileprivate mutating func stopOrphans(in store: LocalStore) async throws(LocalStoreError) {
        guard owner == nil, store.salvage != nil else { return }
        let refusal = Refusal(
            reason: "owner_unknown",
            message: "the profile was damaged, and does not say any more who wrote this",
            particulars: ""
        )
        for index in commands.indices where commands[index].stop == nil {
            commands[index].stop = .gaveUp(refusal)
        }
        try await store.commit(commands.map { .stop($0.position, $0.stop ?? .gaveUp(refusal)) })
    }
}
