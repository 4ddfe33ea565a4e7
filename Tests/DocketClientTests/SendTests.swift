import DocketCalls
import DocketRPC
import DocketTesting
import GRDB
import Synchronization
import Testing

@testable import DocketClient

@Suite("A message that was sent is kept until its verdict, and in order", .timeLimit(.minutes(5)))
struct SendTests {
    private let hour = Duration.seconds(3_600)

    private static func isDelivered(_ outcome: SendOutcome) -> Bool {
        if case .delivered = outcome { true } else { false }
    }

    @Test("Messages sent offline leave in order when the network returns, each once")
    func offline() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        var pending: [PendingMessage] = []
        for text in ["one", "two", "three"] { pending.append(try await chat.send(text)) }
        #expect(fixture.desk.postCalls == 0)
        #expect(try fixture.client.outbox.messages().map(\.text) == ["one", "two", "three"])
        fixture.client.reconnectNow()
        for message in pending { #expect(Self.isDelivered(await message.outcome())) }
        #expect(fixture.desk.texts == ["one", "two", "three"])
        #expect(fixture.desk.postCalls == 3)
        #expect(try fixture.client.outbox.messages().isEmpty)
    }

    @Test("What no server would take is refused at once, and holds up nothing")
    func limits() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let long = String(repeating: "x", count: MessageLimits.largest.textBytes + 1)
        for text in ["", long] {
            await #expect(throws: EnqueueError.self) { try await chat.send(text) }
        }
        let title = String(repeating: "x", count: MessageLimits.largest.titleBytes + 1)
        await #expect(throws: EnqueueError.invalid("the title has at most 256 bytes")) {
            try await chat.send("text", title: title)
        }
        _ = try await chat.send(String(long.dropLast()), title: String(title.dropLast()))
        #expect(try fixture.client.outbox.messages().count == 1)
    }

    @Test("A server that answers none of the calls of a lane is asked for one after the other")
    func noAnswers() async throws {
        let fixture = try Fixture { desk, _ in
            desk.answersLanesWithNothing.withLock { $0 = true }
        }
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        var pending: [PendingMessage] = []
        for text in ["one", "two"] { pending.append(try await chat.send(text)) }
        fixture.client.reconnectNow()
        await fixture.clock.passNextWait(within: .seconds(1))
        for message in pending { #expect(Self.isDelivered(await message.outcome())) }
        #expect(fixture.desk.texts == ["one", "two"])
        #expect(fixture.desk.calls.count { $0 == "Commands/SubmitLane" } == 1)
    }

    @Test("An outcome that is not there in time says why, and the message is sent all the same")
    func notInTime() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let message = try await chat.send("later")
        let early = Task { await message.outcome(within: .seconds(5)) }
        await fixture.clock.passNextWait(within: .seconds(5))
        guard case .queued(let cause?) = await early.value else {
            Issue.record("\(await early.value)")
            return
        }
        #expect(cause.message == "down")
        fixture.client.reconnectNow()
        #expect(Self.isDelivered(await message.outcome(within: hour)))
        #expect(Self.isDelivered(await message.outcome()))
    }

    @Test("A refused message holds up its conversation and no other, until it is discarded")
    func refused() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "too long"))
        let refused = try await chat.send("poison")
        let refusal = Refusal(reason: "field_too_long", message: "too long", particulars: "")
        #expect(await refused.outcome() == .refused(refusal))
        let behind = try await chat.send("behind")
        #expect(await behind.outcome() == .waiting(behind: CommandID(refused.id)))
        let other = try await fixture.client.conversation(ConversationID()).send("elsewhere")
        #expect(Self.isDelivered(await other.outcome()))
        let shown = try fixture.client.outbox.messages()
        #expect(shown.map(\.state) == [.refused(refusal), .blocked(by: CommandID(refused.id))])
        #expect(try await fixture.client.outbox.discard(refused.id))
        #expect(Self.isDelivered(await behind.outcome()))
        #expect(await refused.outcome() == .discarded)
        #expect(fixture.desk.texts == ["elsewhere", "behind"])
    }

    @Test("A refused message is retried in its place under a new id")
    func retried() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.refusePosts(RPCError(.repliesRefused, "not now"))
        let refused = try await chat.send("first")
        let verdict = await refused.outcome()
        let behind = try await chat.send("second")
        let again = try #require(try await fixture.client.outbox.retry(refused.id))
        #expect(again.id != refused.id)
        #expect(Self.isDelivered(await again.outcome()))
        #expect(Self.isDelivered(await behind.outcome()))
        #expect(await refused.outcome() == verdict)
        #expect(fixture.desk.texts == ["first", "second"])
        #expect(try await fixture.client.outbox.retry(refused.id) == nil)
    }

    @Test("Whoever waits is told when the message before is refused")
    func refusedMeanwhile() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "too long"))
        let first = try await chat.send("poison")
        let second = try await chat.send("behind")
        async let outcome = second.outcome()
        fixture.client.reconnectNow()
        #expect(await outcome == .waiting(behind: CommandID(first.id)))
    }

    @Test("A message that was never sent can be taken back, one that may have been sent cannot")
    func takenBack() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.loseReplies(of: ConversationsMethods.post)
        fixture.connector.refuseNext(RPCError(.draining, "down", retryAfter: .seconds(600)))
        let sent = try await chat.send("sent")
        await fixture.clock.passNextWait(within: .seconds(1))
        _ = await fixture.state { if case .offline = $0 { true } else { false } }
        let queued = try await chat.send("queued")
        #expect(try await queued.cancel())
        #expect(await queued.outcome() == .discarded)
        #expect(try await sent.cancel() == false)
        fixture.client.reconnectNow()
        #expect(Self.isDelivered(await sent.outcome()))
        #expect(fixture.desk.texts == ["sent"])
    }

    @Test("The same message sent twice is one, another under its id is an error")
    func sameIdentifier() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let id = MessageID()
        let first = try await chat.send("once", id: id)
        let second = try await chat.send("once", id: id)
        await #expect(throws: EnqueueError.keyReused) { try await chat.send("twice", id: id) }
        fixture.client.reconnectNow()
        #expect(await first.outcome() == second.outcome())
        #expect(fixture.desk.postCalls == 1)
    }

    @Test("A credential that is refused keeps what waits, and says so")
    func notSignedIn() async throws {
        let fixture = try Fixture(as: .login("bo", password: "wrong"))
        let chat = fixture.client.conversation(ConversationID())
        let message = try await chat.send("kept")
        guard case .queued(let cause?) = await message.outcome() else {
            Issue.record("\(await message.outcome())")
            return
        }
        #expect(cause.code == .needsLogin)
        #expect(try fixture.client.outbox.messages().map(\.text) == ["kept"])
    }

    @Test("A closed client takes nothing, and tells those who wait")
    func closed() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let message = try await chat.send("kept")
        fixture.client.close()
        guard case .queued(let cause?) = await message.outcome() else {
            Issue.record("\(await message.outcome())")
            return
        }
        #expect(cause.code == .closed)
        await #expect(throws: EnqueueError.closed) { try await chat.send("late") }
    }

    @Test(
        "A message at which the server fails every time stops after ten minutes, and keeps its id"
    )
    func poison() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let fault = RPCError(.serverError, "failed", retryAfter: .seconds(100))
        for _ in 0..<20 { fixture.desk.refusePosts(fault) }
        let message = try await chat.send("poison")
        async let outcome = message.outcome()
        for _ in 0..<7 {
            #expect(await fixture.clock.passNextWait(within: .seconds(101)) == .seconds(100))
        }
        guard case .failed(let refusal) = await outcome else {
            Issue.record("the message has not failed")
            return
        }
        #expect(refusal.reason == "server_error")
        #expect(fixture.desk.postCalls == 8)
        let again = try #require(try await fixture.client.outbox.retry(message.id))
        #expect(again.id == message.id)
    }

    @Test("How much waits is told whenever it changes")
    func summaries() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let message = try await chat.send("a")
        for await summary in fixture.client.outbox.summaries {
            #expect(summary.waiting == 1)
            #expect(summary.stopped == 0)
            break
        }
        fixture.client.reconnectNow()
        #expect(Self.isDelivered(await message.outcome()))
        for await summary in fixture.client.outbox.summaries {
            #expect(summary == OutboxSummary(OutboxMachine()))
            break
        }
    }

    @Test("A post behind a refused message is not sent, and says so")
    func postBehind() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "too long"))
        _ = await (try await chat.send("poison")).outcome()
        let failure = await #expect(throws: DocketClientError.self) {
            try await chat.post("behind")
        }
        #expect(failure?.code == .blocked)
        #expect(try fixture.client.outbox.messages().map(\.text) == ["poison"])
    }
}

@Suite("A profile keeps what was sent, for the one who sent it", .timeLimit(.minutes(5)))
struct ProfileOutboxTests {
    private let server = ModelServer()
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// Does something with a client of the profile, then closes both.
    private func with<Value>(
        as credential: Credential,
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        let profile = try Profile.open(at: fixture.folder)
        let client = try await server.open(profile, as: credential)
        defer {
            client.close()
            profile.close()
        }
        return try await body(client)
    }

    @Test("What was queued before anybody had ever signed in is sent by who signs in first")
    func neverSignedIn() async throws {
        let ana = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await ana.openConversation(channel: "chat")
        _ = try await chat.post("help")
        let bo = server.addAgent(name: "Bo")
        server.network.partition()
        try await with(as: bo) { client in
            _ = try await client.conversation(chat.id).send("I come")
        }
        server.network.heal()
        try await with(as: bo) { client in
            try await server.clock.run {
                try await client.sync(within: .seconds(3_600))
            }
        }
        #expect(server.messages(of: chat.id).map(\.text) == ["help", "I come"])
        ana.close()
    }

    @Test("Messages of which a damaged profile does not say whose they are wait for a person")
    func ownerLost() async throws {
        let chat = ConversationID()
        server.network.partition()
        try await with(as: .newGuest(name: "Ana")) { client in
            _ = try await client.conversation(chat).send("whose?")
        }
        // The one row of the owner is written over: it does not match its seal any more.
        let database = try fixture.database()
        try await database.write { try $0.execute(sql: "UPDATE owner SET guest_name = x'41'") }
        try database.close()
        server.network.heal()
        try await with(as: .newGuest(name: "Cy")) { client in
            try await client.signedIn()
            let messages = try client.outbox.messages()
            #expect(messages.map(\.text) == ["whose?"])
            guard case .failed(let refusal)? = messages.first?.state else {
                Issue.record("the message is not stopped")
                return
            }
            #expect(refusal.reason == "owner_unknown")
        }
        #expect(server.callCount(of: .post) == 0)
    }
}
