import DocketTesting
import Synchronization
import Testing

@testable import DocketClient

@Suite(
    "Whatever fails meanwhile, a message is not lost, doubled or shown twice",
    .timeLimit(.minutes(5))
)
struct OutboxFaultTests {
    private let server = ModelServer()
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(reason: reason, message: "", particulars: "")
    }

    private func open(
        _ profile: Profile,
        as credential: Credential = .newGuest(name: "Ana"),
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void = { _ in }
    ) async throws -> DocketClient {
        try await DocketClient.open(
            profile,
            over: server.network,
            as: credential,
            clock: EngineClock(server.clock),
            random: SeededGenerator(seed: 1),
            failpoint: failpoint
        )
    }

    private func texts(of chat: Conversation) -> [String] {
        server.messages(of: chat.id).map(\.text)
    }

    @Test("A message counts as taken back only when the local store has let it go")
    func takenBack() async throws {
        var profile = try Profile.open(at: fixture.folder)
        var client = try await open(profile)
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        let message = try await chat.send("secret")
        client.close()
        profile.close()
        await #expect(throws: EnqueueError.closed) { try await message.cancel() }
        #expect(await message.outcome() != .discarded)
        profile = try Profile.open(at: fixture.folder)
        client = try await open(profile)
        #expect(try client.outbox.messages().map(\.text) == ["secret"])
        #expect(try await client.outbox.message(message.id)?.cancel() == true)
        client.close()
        profile.close()
        server.network.heal()
        profile = try Profile.open(at: fixture.folder)
        client = try await open(profile)
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(texts(of: chat).isEmpty)
        client.close()
        profile.close()
    }

    @Test("The outbox can be read at every step of a message's way")
    func readAnywhere() async throws {
        let profile = try Profile.open(at: fixture.folder)
        let reader = OutboxReader()
        let client = try await open(profile) { _ in reader.read() }
        reader.begin(client)
        let chat = try await client.openConversation(channel: "chat")
        for number in 1...10 {
            _ = await (try await chat.send("\(number)")).outcome()
        }
        #expect(reader.failures == 0)
        client.close()
        profile.close()
    }

    @Test("Whoever has no time left is answered at once")
    func noTime() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        let message = try await chat.send("a")
        for _ in 0..<1_000 {
            guard case .queued = await message.outcome(within: .zero) else {
                Issue.record("the message has a verdict")
                return
            }
        }
        client.close()
    }

    @Test("A retry of what the server failed at keeps its id, and so there is one message")
    func faultThenRetry() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.loseReplies(of: .post)
        server.network.refuseCalls(
            of: .post,
            next: 8,
            with: refusal("server_error"),
            retryAfter: .seconds(100)
        )
        let message = try await chat.send("one")
        let outcome = await server.clock.run(within: .seconds(101)) { await message.outcome() }
        guard case .failed = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let again = try #require(try await client.outbox.retry(message.id))
        let verdict = await server.clock.run(within: .seconds(59)) { await again.outcome() }
        guard case .delivered = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(texts(of: chat) == ["one"])
        client.close()
    }

    @Test("A refused post holds up no other")
    func postBesideRefused() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        server.refuse(.post, with: refusal("field_too_long"))
        let first = Task { try await chat.post("too long", within: .seconds(3_600)) }
        while try client.outbox.messages().count < 1 { await Task.yield() }
        let second = Task { try await chat.post("fine", within: .seconds(3_600)) }
        while try client.outbox.messages().count < 2 { await Task.yield() }
        server.network.heal()
        let outcomes = try await server.clock.run(within: .seconds(59)) {
            (try await first.value, try await second.value)
        }
        guard case .refused = outcomes.0, case .posted = outcomes.1 else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(texts(of: chat) == ["fine"])
        client.close()
    }

    @Test("A post whose time is over leaves a message alone that was sent before")
    func postOfSent() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        let id = MessageID()
        let message = try await chat.send("one", id: id)
        let failure = await #expect(throws: DocketClientError.self) {
            try await server.clock.run(within: .seconds(5)) {
                try await chat.post("one", id: id, within: .seconds(5))
            }
        }
        #expect(failure?.code == .outcomeUnknown)
        #expect(try client.outbox.messages().map(\.id) == [id])
        server.network.heal()
        let verdict = await server.clock.run(within: .seconds(59)) { await message.outcome() }
        guard case .delivered = verdict else {
            Issue.record("\(verdict)")
            return
        }
        client.close()
    }

    @Test("An own message stays in sight when somebody begins to look while it arrives")
    func beginsToLook() async throws {
        for seed in 1...30 {
            let client = try server.client(as: .newGuest(name: "Ana"), seed: UInt64(seed))
            let chat = try await client.openConversation(channel: "chat")
            _ = try await chat.send("one")
            var isSeen = false
            for try await view in chat.timeline() {
                let isThere = view.items.contains { item in
                    if case .missing = item { false } else { true }
                }
                #expect(!isSeen || isThere)
                isSeen = isSeen || isThere
                if view.isComplete, view.conversation?.lastMessage != nil { break }
            }
            client.close()
        }
    }

    @Test("A sync asks the server, also when it had caught up before")
    func syncAsks() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        _ = try await chat.post("one")
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        server.network.partition()
        try server.answer("two", in: chat.id, as: "Bo")
        let failure = await #expect(throws: DocketClientError.self) {
            try await server.clock.run(within: .seconds(59)) {
                try await client.sync(within: .seconds(20))
            }
        }
        #expect(failure?.code == .unreachable)
        client.close()
    }

    @Test("A sync returns after a restore of the server, whose offsets begin anew")
    func syncAfterRestore() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        _ = try await chat.post("one")
        let backup = server.backup()
        for number in 2...6 { _ = try await chat.post("\(number)") }
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        server.restore(backup)
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(texts(of: chat) == ["one"])
        client.close()
    }

    @Test("A credential that is refused ends a sync, which says so")
    func syncRevoked() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        _ = try await client.openConversation(channel: "chat")
        server.network.refuseCalls(of: .signIn, next: 50, with: refusal("credentials_invalid"))
        server.expireSessions()
        let failure = await #expect(throws: DocketClientError.self) {
            try await server.clock.run(within: .seconds(59)) {
                try await client.sync(within: .seconds(3_600))
            }
        }
        #expect(failure?.code == .needsLogin)
        client.close()
    }

    @Test("A server that wants a snapshot each time is not asked in a loop")
    func snapshots() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.refuseCalls(of: .subscribe, next: 1_000, with: refusal("resync_required"))
        let reader = Task { for try await _ in chat.timeline() {} }
        for _ in 0..<5 { await server.clock.passNextWait(within: .seconds(60)) }
        #expect(server.callCount(of: .snapshot) <= 7)
        client.close()
        _ = try? await reader.value
    }

    @Test("A profile that could not be opened for one can be opened for another")
    func claimIsReleased() async throws {
        let profile = try Profile.open(at: fixture.folder)
        let bo = server.addAgent(name: "Bo")
        let first = try await open(profile, as: bo)
        try await first.signedIn()
        first.close()
        await #expect(throws: DocketClientError.self) { try await open(profile) }
        let second = try await open(profile, as: bo)
        await #expect(throws: DocketClientError.self) { try await open(profile, as: bo) }
        second.close()
        profile.close()
    }
}

/// Reads the outbox whenever it is told to.
private final class OutboxReader: Sendable {
    private let state = Mutex<(client: DocketClient?, failures: Int)>((nil, 0))

    var failures: Int { state.withLock { $0.failures } }

    /// Reads the outbox of this client from now on.
    func begin(_ client: DocketClient) {
        state.withLock { $0.client = client }
    }

    func read() {
        guard let client = state.withLock({ $0.client }) else { return }
        do {
            _ = try client.outbox.messages()
        } catch {
            state.withLock { $0.failures += 1 }
        }
    }
}
