internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import FoundationEssentials
public import Logging
internal import SwiftProtobuf
internal import Synchronization

/// A connection to a Docket server that mends itself.
///
/// The client connects, signs in, and connects again whenever the connection is lost, with random
/// waits that grow from half a second to a minute. Commands are repeated with their id until they
/// have a verdict or their time is over; feeds go on from their cursor without a gap.
///
///     let client = try await DocketClient.connect(to: server, as: .newGuest(name: "Ana"))
///     let chat = try await client.openConversation(channel: "chat")
///     print(try await chat.post("It prints blank pages"))
///
/// Close the client when it is no longer needed, or use `withClient(to:as:_:)`.
public final class DocketClient: Sendable {
    /// How long a call takes at most if nothing else is said.
    public static let defaultLimit = Duration.seconds(60)

    /// What the server's logs call this library.
    static let software = "docket-client/1"

    let engine: Engine
    let runner: OutboxRunner
    let replica: ReplicaRunner
    /// The names of the relays that run.
    let relays = Mutex<Set<String>>([])
    let marks: ReadMarkRunner
    /// What the client keeps, held on to as long as the client is there.
    let profile: Profile?
    /// Whether what the client keeps outlives it.
    let isDurable: Bool

    /// A client that begins to connect at once, and goes on until it is closed.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - credential: What to sign in with.
    ///   - logger: Told of connections, commands and feeds, and never of what was said; nil for
    ///     nothing.
    /// - Throws: `invalidInput` if the server's name or certificates are unusable.
    public convenience init(
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil
    ) throws(DocketClientError) {
        try self.init(
            NetworkConnector(to: server, software: Self.software),
            as: credential,
            clock: .system,
            random: SystemRandomNumberGenerator(),
            logger: logger
        )
    }

    /// A client over any connections, with its time and chance given; it keeps nothing on disk.
    package convenience init(
        _ connector: any Connector,
        as credential: Credential,
        clock: EngineClock,
        random: any RandomNumberGenerator & Sendable,
        logger: Logger? = nil
    ) throws(DocketClientError) {
        var random = random
        let signIn = SignIn(credential, at: clock.moment(), random: &random)
        do throws(LocalStoreError) {
            self.init(
                connector,
                signIn,
                clock: clock,
                random: random,
                logger: logger,
                store: try .inMemory()
            )
        } catch {
            throw DocketClientError(error)
        }
    }

    init(
        _ connector: any Connector,
        _ signIn: SignIn,
        clock: EngineClock,
        random: any RandomNumberGenerator & Sendable,
        logger: Logger?,
        store: LocalStore,
        content: LocalContent = LocalContent(),
        spool: any Spool = MemorySpool(),
        profile: Profile? = nil,
        isDurable: Bool = false,
        limits: OutboxLimits = OutboxLimits(),
        snapshotPage: UInt32 = ReplicaRunner.snapshotPage,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void = { _ in }
    ) {
        self.profile = profile
        self.isDurable = isDurable
        let ownership = LocalOwnership(of: store, content.owner)
        engine = Engine(
            connector,
            signIn,
            clock: clock,
            random: random,
            logger: logger,
            admit: ownership.admit
        )
        runner = OutboxRunner(
            engine,
            store,
            content,
            spool,
            limits: limits,
            failpoint: failpoint
        )
        replica = ReplicaRunner(
            engine,
            store,
            runner,
            content.cursor,
            snapshotPage: snapshotPage
        )
        marks = ReadMarkRunner(
            engine,
            store,
            content.marks,
            runner.observers,
            isDurable: isDurable,
            limits: limits,
            failpoint: failpoint
        )
        engine.start()
        runner.start()
        marks.start()
    }

    deinit {
        close()
    }

    /// Connects and signs in.
    ///
    /// The first failure is thrown; only later ones are mended.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - credential: What to sign in with.
    ///   - logger: Told of connections, commands and feeds, and never of what was said; nil for
    ///     nothing.
    /// - Returns: A client that is signed in.
    /// - Throws: `unreachable` or `needsLogin` if that fails, `invalidInput` for arguments that
    ///   cannot be used.
    public static func connect(
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil
    ) async throws(DocketClientError) -> DocketClient {
        let client = try DocketClient(to: server, as: credential, logger: logger)
        do throws(DocketClientError) {
            try await client.signedIn()
        } catch {
            client.close()
            throw error
        }
        return client
    }

    /// Connects, does something, and closes the client whatever happens.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - credential: What to sign in with.
    ///   - logger: Told of connections, commands and feeds, and never of what was said; nil for
    ///     nothing.
    ///   - body: What to do with the client.
    /// - Returns: What `body` returns.
    /// - Throws: What `connect(to:as:logger:)` or `body` throws.
    public static func withClient<Value>(
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil,
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        let client = try await connect(to: server, as: credential, logger: logger)
        do {
            let value = try await body(client)
            await client.end()
            return value
        } catch {
            await client.end()
            throw error
        }
    }

    /// Waits until the client is signed in; throws the first failure on the way.
    ///
    /// A client that was made by `init(to:as:logger:)` goes on trying all the same.
    public func signedIn() async throws(DocketClientError) {
        for await state in states {
            switch state {
            case .connecting, .authenticating: continue
            case .catchingUp, .live: return
            case .offline(_, let error), .needsLogin(let error): throw error
            case .closed: break
            }
        }
        throw DocketClientError(Task.isCancelled ? .cancelled : .closed, "the client was closed")
    }

    /// The connection's state now, and whenever it changes until the client is closed.
    ///
    /// For one reader; ask again for another. A slow reader misses states in between.
    public var states: AsyncStream<ConnectionState> { engine.states }

    /// Who is signed in; nil before anybody has been.
    public var identity: Identity? { engine.identity }

    /// What a guest signs in with the next time; nil for others, and until a new guest exists.
    public var guestKey: GuestKey? { engine.guestKey }

    /// What signs the same principal in again as long as the session lasts; nil before anybody has
    /// signed in.
    public var session: SessionToken? { engine.session }

    /// Ends the wait for the next attempt to connect, because a person asked for it.
    ///
    /// It does so even where the server has asked for a longer wait. The attempts that are made so
    /// are a second apart: one that is asked for sooner comes when that is over.
    ///
    /// The client does the same by itself, at most every five seconds and not before the moment
    /// that the server has asked for, when something is queued, when the machine gets an address,
    /// and when it wakes up.
    public func reconnectNow() {
        engine.occurred(.person)
    }

    /// Ends the connection; everything under way fails with `closed`.
    ///
    /// A client with a profile keeps what waits in its outbox; one without forgets it. What has
    /// been read and the server does not know yet is told for five seconds more, if there is a
    /// connection; `settle()` waits for that.
    public func close() {
        let lastWords = marks.close()
        runner.close()
        engine.close(after: lastWords)
        profile?.release()
    }

    /// Closes the client, and returns when it has told its last.
    private func end() async {
        close()
        await engine.ended()
    }

    /// Returns once every client that was closed has told its server so.
    ///
    /// A program awaits it before it ends; otherwise the server cannot tell its end from a broken
    /// connection.
    public static func settle() async {
        await Farewells.settle()
        await ClientConnection.settle()
    }

    /// What was queued and has no verdict yet, and what was refused.
    public var outbox: Outbox { Outbox(runner: runner) }

    /// Makes a call of any service, repeated like every other until it is answered.
    ///
    /// `attempt` makes the same call each time: a command with the same id and bytes.
    func call<Reply: Sendable>(
        within limit: Duration = defaultLimit,
        _ attempt: (any CallChannel, CallOptions) async throws(RPCError) -> Reply
    ) async throws(DocketClientError) -> Reply {
        try await engine.perform(within: limit, attempt)
    }
}

extension DocketClient {
    /// Everything that happens, from a place on, without a gap.
    ///
    /// - Parameter start: Where to begin.
    /// - Returns: The feed, for one reader. It ends only with an error; after `resyncRequired` read
    ///   `snapshot()` and open a feed from its cursor.
    public func feed(from start: FeedStart = .now) -> Feed {
        Feed(engine: engine, start: start, conversation: nil)
    }

    /// The principal's conversations as they are, and the cursor from which a feed goes on.
    public func snapshot() async throws(DocketClientError) -> Snapshot {
        var conversations: [ConversationSummary] = []
        var call = Docket_V1_SnapshotCall()
        while true {
            let page = call
            let (reply, link) = try await engine.performTellingLink(within: Self.defaultLimit) {
                (channel, options) async throws(RPCError) in
                try await FeedCaller(channel: channel).snapshot(page, options: options)
            }
            engine.heard(try Cursor(reply.asOf).epoch, on: link)
            for conversation in reply.conversations {
                conversations.append(try ConversationSummary(conversation))
            }
            guard !reply.nextPage.isEmpty else {
                return Snapshot(
                    cursor: try Cursor(reply.asOf),
                    conversations: conversations
                )
            }
            call.page = reply.nextPage
        }
    }

    /// Opens the contact's conversation on a channel, and creates it if there is none.
    ///
    /// - Parameters:
    ///   - channel: The key of a channel of the desk.
    ///   - contact: For integrations: the contact they speak for.
    ///   - limit: How long to try.
    /// - Returns: The conversation.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func openConversation(
        channel: String,
        for contact: PartyID? = nil,
        within limit: Duration = defaultLimit
    ) async throws(DocketClientError) -> Conversation {
        let id: ConversationID = engine.newID()
        let call = Docket_V1_OpenConversationCall.with {
            $0.header.commandID = Data(id.bytes)
            $0.channel = channel
            $0.contactID = Data(contact?.bytes ?? [])
        }
        let reply = try await self.call(within: limit) {
            (channel, options) async throws(RPCError) in
            try await ConversationsCaller(channel: channel).open(call, options: options)
        }
        let summary = try ConversationSummary(reply.conversation)
        return Conversation(client: self, id: summary.id, summary: summary)
    }

    /// A conversation whose id is known, as agents know it from a request.
    public func conversation(_ id: ConversationID) -> Conversation {
        Conversation(client: self, id: id, summary: nil)
    }
}
