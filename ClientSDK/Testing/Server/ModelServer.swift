internal import DocketCalls
public import DocketClient
internal import DocketMessages
package import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// A server within the test: it keeps the contract of the protocol, and has no policy, no disk and
/// no time but that of its virtual clock.
///
///     let server = ModelServer()
///     let client = server.client(as: .newGuest(name: "Ana"))
///     let chat = try await client.openConversation(channel: "chat")
///     _ = try await chat.post("It prints blank pages")
///
/// Requests stay open, any agent may answer them, and a message that names no request goes to the
/// newest of its conversation. It has sessions, conversations, messages, notes, marks, feeds,
/// history, snapshots and the opening and reading of requests; other methods do not exist, and
/// messages have no attachments.
public final class ModelServer: Sendable {
    /// The time of the server, its network and its clients.
    public let clock: VirtualClock
    /// What clients connect through if nothing else is said.
    public let network: ModelNetwork
    private let services: ModelServices

    /// A server to which nothing has happened.
    ///
    /// - Parameters:
    ///   - clock: Its time.
    ///   - channels: The names of its channels by their keys.
    public init(
        clock: VirtualClock = VirtualClock(),
        channels: [String: String] = ["chat": "Chat", "bridge": "Bridge", "portal": "Portal"]
    ) {
        self.clock = clock
        services = ModelServices(clock: clock)
        network = ModelNetwork(to: services)
        try? services.change { (model) throws(RPCError) in model.channels = channels }
    }

    /// The way of calls to the server, for callers without a network.
    package var router: Router { services.router() }

    // MARK: Clients

    /// A client of this server, which begins to connect at once.
    ///
    /// Close it when it is no longer needed.
    ///
    /// - Parameters:
    ///   - credential: What to sign in with.
    ///   - network: What to connect through; nil for the server's own network.
    ///   - seed: What the client's chance follows from: its guest's key and its waits.
    /// - Returns: The client.
    /// - Throws: `storage` if the client has no memory for its outbox.
    public func client(
        as credential: Credential,
        over network: ModelNetwork? = nil,
        seed: UInt64 = 1
    ) throws(DocketClientError) -> DocketClient {
        try DocketClient(
            network ?? self.network,
            as: credential,
            clock: engineClock,
            random: SeededGenerator(seed: seed)
        )
    }

    /// A client of this server with a profile, which begins to connect at once.
    ///
    /// - Parameters:
    ///   - profile: The profile, for one client.
    ///   - credential: What to sign in with.
    ///   - network: What to connect through; nil for the server's own network.
    ///   - seed: What the client's chance follows from.
    /// - Returns: The client.
    /// - Throws: As `DocketClient.open(_:to:as:)` does.
    public func open(
        _ profile: Profile,
        as credential: Credential,
        over network: ModelNetwork? = nil,
        seed: UInt64 = 1
    ) async throws(DocketClientError) -> DocketClient {
        try await DocketClient.open(
            profile,
            over: network ?? self.network,
            as: credential,
            clock: engineClock,
            random: SeededGenerator(seed: seed)
        )
    }

    private var engineClock: EngineClock {
        EngineClock(clock) { [services] in services.moment }
    }

    /// Another network to this server, with faults of its own.
    public func makeNetwork() -> ModelNetwork {
        ModelNetwork(to: services)
    }

    /// Lets an agent sign in from now on.
    ///
    /// - Parameters:
    ///   - name: Its name, which is its login too.
    ///   - role: What it may do.
    /// - Returns: What it signs in with.
    @discardableResult
    public func addAgent(name: String, role: AgentRole = .agent) -> Credential {
        let password = "password of \(name)"
        var agent = principal(.principalAgent, name)
        agent.role =
            switch role {
            case .agent: .agent
            case .supervisor: .supervisor
            case .administrator: .administrator
            }
        add(agent, .login(name, password))
        return .login(name, password: password)
    }

    /// Lets an integration of a channel sign in from now on.
    ///
    /// - Parameters:
    ///   - name: Its name, unlike that of others.
    ///   - channel: The key of its channel.
    /// - Returns: What it signs in with.
    public func addIntegration(name: String, channel: String) -> Credential {
        let key = "key of \(name)"
        var integration = principal(.principalIntegration, name)
        integration.channel = channel
        add(integration, .key(key))
        return .apiKey(key)
    }

    private func principal(_ kind: Docket_V1_PrincipalKind, _ name: String) -> Model.Principal {
        var principal = Model.Principal()
        principal.actor.kind = kind
        principal.actor.id = services.newID()
        principal.actor.name = name
        return principal
    }

    private func add(_ principal: Model.Principal, _ secret: Model.Secret) {
        try? services.change { (model) throws(RPCError) in model.add(principal, secret) }
    }

    // MARK: What the server holds

    /// Everything that has happened, in order.
    public var log: [LoggedEvent] { services.model.log.map(LoggedEvent.init) }

    /// The messages of a conversation, in order.
    public func messages(of conversation: ConversationID) -> [LoggedMessage] {
        log.filter { $0.conversationID == conversation }.compactMap { event in
            if case .message(let message) = event.fact { message } else { nil }
        }
    }

    /// The methods that were called, in order, by themselves or in lanes, with calls that were
    /// refused.
    public var calls: [MethodName] { services.calls }

    /// How often a method was called.
    public func callCount(of method: MethodName) -> Int {
        calls.count { $0 == method }
    }

    // MARK: What the server does

    /// Says something as an agent, without a client.
    ///
    /// - Parameters:
    ///   - text: What to say.
    ///   - conversation: Where.
    ///   - name: The agent's name; one who does not exist is added.
    /// - Returns: The message's offset.
    /// - Throws: `refused`, where there is no such conversation.
    @discardableResult
    public func answer(
        _ text: String,
        in conversation: ConversationID,
        as name: String = "Agent"
    ) throws(DocketClientError) -> UInt64 {
        if agent(named: name) == nil { addAgent(name: name) }
        let call = Docket_V1_PostCall.with {
            $0.header.commandID = services.newID()
            $0.conversationID = Data(conversation.bytes)
            $0.text = text
        }
        let asked = Model.Asked(
            call: call,
            method: ConversationsMethods.post,
            author: agent(named: name) ?? Model.Principal(),
            now: services.moment.millisecondsSinceEpoch,
            header: call.header
        )
        do throws(RPCError) {
            return try services.change { (model) throws(RPCError) in try model.post(asked).offset }
        } catch {
            throw DocketClientError(.refused, "\(error)")
        }
    }

    private func agent(named name: String) -> Model.Principal? {
        services.model.principals.values.first {
            $0.kind == .principalAgent && $0.actor.name == name
        }
    }

    /// Refuses the next commands of a method that are not repetitions.
    ///
    /// What the protocol calls final becomes the verdict of the command, and every repetition gets
    /// it; anything else is forgotten.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - count: How many commands.
    ///   - refusal: Its reason is a word of the protocol's registry, such as `contact_blocked`.
    public func refuse(_ method: MethodName, next count: Int = 1, with refusal: Refusal) {
        let errors = Array(repeating: RPCError(refusal), count: count)
        let method = router.table.first { MethodName($0) == method }
        guard let method else { return }
        try? services.change { (model) throws(RPCError) in
            model.plannedRefusals[method, default: []] += errors
        }
    }

    /// Ends every session: its connections end, and its token opens no other.
    public func expireSessions() {
        try? services.change { (model) throws(RPCError) in model.sessions = [:] }
        services.endSessions()
    }

    /// Ends every connection, as a server does that starts anew.
    ///
    /// - Parameter keepingSessions: Whether clients are still signed in afterwards.
    public func restart(keepingSessions: Bool = true) {
        if !keepingSessions {
            try? services.change { (model) throws(RPCError) in model.sessions = [:] }
        }
        services.endConnections(.wireCut)
    }

    /// What the server is now, to be given to `restore(_:)` later.
    public func backup() -> ModelBackup {
        ModelBackup(model: services.model)
    }

    /// Makes the server again what it was.
    ///
    /// What happened since then is gone, cursors from before are no longer good, and nobody is
    /// signed in.
    ///
    /// - Parameter backup: What it was; nil for what it is, so that nothing is gone.
    public func restore(_ backup: ModelBackup? = nil) {
        services.restore(backup?.model ?? services.model)
        services.endConnections(.wireCut)
    }

    /// Forgets what feeds could tell up to an offset: cursors below it are no longer good.
    public func forget(upTo offset: UInt64) {
        try? services.change { (model) throws(RPCError) in
            model.floor = min(max(model.floor, offset), model.head)
        }
    }
}

/// A server as it was at a moment.
public struct ModelBackup: Sendable {
    let model: Model
}
