import DocketClient
import DocketTestSupport
import DocketTesting
import Foundation
import Testing

@Suite("The network fails when it is told to", .timeLimit(.minutes(5)))
struct NetworkTests {
    private let server = ModelServer()

    /// A client with a conversation; what it does passes the clock's short waits.
    private func chat(
        over network: ModelNetwork? = nil,
        seed: UInt64 = 1
    ) async throws -> (client: DocketClient, chat: Conversation) {
        let client = try server.client(as: .newGuest(name: "Ana"), over: network, seed: seed)
        return (client, try await client.openConversation(channel: "chat"))
    }

    /// What became of a message, while short waits pass.
    private func post(_ text: String, in chat: Conversation) async throws -> PostOutcome {
        try await server.clock.run { try await chat.post(text) }
    }

    private func texts(in chat: Conversation) -> [String] {
        server.messages(of: chat.id).map(\.text)
    }

    @Test("A lost reply and a doubled call leave one message each")
    func afterEffect() async throws {
        let (client, chat) = try await chat()
        server.network.loseReplies(of: .post, next: 2)
        _ = try await post("one", in: chat)
        #expect(server.callCount(of: .post) == 3 && server.network.attempts == 3)
        server.network.doubleCalls(of: .post)
        _ = try await post("two", in: chat)
        #expect(server.callCount(of: .post) == 5)
        #expect(texts(in: chat) == ["one", "two"])
        client.close()
    }

    @Test("A lost call is not seen by the server")
    func beforeEffect() async throws {
        let (client, chat) = try await chat()
        server.network.loseCalls(of: .post)
        _ = try await post("one", in: chat)
        #expect(server.callCount(of: .post) == 1 && server.network.attempts == 2)
        client.close()
    }

    @Test("A refusal on the way is no verdict, and one of the server is")
    func refusals() async throws {
        let (client, chat) = try await chat()
        let busy = Refusal(reason: "overloaded", message: "", particulars: "")
        server.network.refuseCalls(of: .post, with: busy, retryAfter: .seconds(3))
        _ = try await post("one", in: chat)
        #expect(server.clock.elapsed >= .seconds(3) && texts(in: chat) == ["one"])
        let blocked = Refusal(reason: "contact_blocked", message: "", particulars: "")
        server.refuse(.post, with: blocked)
        let id = MessageID()
        for _ in 0..<2 {
            let outcome = try await chat.post("two", id: id)
            guard case .refused(let refusal) = outcome else {
                Issue.record("\(outcome)")
                break
            }
            #expect(refusal.reason == blocked.reason)
        }
        #expect(try await chat.post("three").isPosted)
        #expect(texts(in: chat) == ["one", "three"])
        client.close()
    }

    @Test("A call that comes after its caller gave up takes effect once")
    func late() async throws {
        let (client, chat) = try await chat()
        server.network.delayCalls(of: .post, by: .seconds(40))
        async let outcome = chat.post("one", within: .seconds(60))
        // The attempt's time, then the wait before the next one.
        await server.clock.passNextWait(within: .seconds(30))
        await server.clock.passNextWait(within: .seconds(9))
        #expect(try await outcome.isPosted)
        #expect(server.callCount(of: .post) == 1)
        await server.clock.passNextWait(within: .seconds(10))
        let posts = server.calls.count { $0 == .post }
        #expect(posts <= 2 && texts(in: chat) == ["one"])
        client.close()
    }

    @Test("A partition cuts off one device and not another")
    func partition() async throws {
        let (client, chat) = try await chat()
        let network = server.makeNetwork()
        let key = try #require(client.guestKey)
        let tablet = try server.client(as: .guest(key), over: network, seed: 2)
        let other = tablet.conversation(chat.id)
        #expect(try await other.post("from the tablet").isPosted)
        server.network.partition()
        // The clock stands still meanwhile: the longer the phone fails, the longer it waits.
        let pending = try await chat.send("from the phone")
        #expect(try await other.post("again").isPosted)
        server.network.heal()
        let outcome = await server.clock.run { await pending.outcome() }
        guard case .delivered = outcome else {
            Issue.record("not delivered: \(outcome)")
            return
        }
        #expect(texts(in: chat) == ["from the tablet", "again", "from the phone"])
        #expect(network.attempts == 1)
        client.close()
        tablet.close()
    }

    @Test("A connection is cut where it was said", arguments: [0, 1, 2])
    func cutting(_ count: Int) async throws {
        let (client, chat) = try await chat()
        server.network.cut(afterCalls: count)
        for number in 0...2 { _ = try await post("\(number)", in: chat) }
        #expect(server.network.attempts == 2)
        server.network.cut(afterMessages: count)
        for number in 3...5 { _ = try await post("\(number)", in: chat) }
        #expect(server.network.attempts == 3)
        #expect(texts(in: chat) == (0...5).map { "\($0)" })
        client.close()
    }

    @Test("A feed with a gap or an echo is taken up again from its cursor")
    func entries() async throws {
        let (client, chat) = try await chat()
        for number in 0..<5 { _ = try await chat.post("\(number)") }
        server.network.dropEntries()
        server.network.doubleEntries(next: 2)
        let told = try await server.clock.run { () async throws(DocketClientError) in
            var told: [String] = []
            for try await update in chat.updates(from: .beginning) {
                if case .event(let event) = update.content,
                    case .messagePosted(let message) = event.fact
                {
                    told.append(message.text)
                }
                if told.count == 5 { break }
            }
            return told
        }
        #expect(told == ["0", "1", "2", "3", "4"])
        #expect(server.callCount(of: .subscribe) > 1)
        client.close()
    }

    @Test("After expired sessions the guest signs in again, and after a restart it need not")
    func sessions() async throws {
        let (client, chat) = try await chat()
        server.restart()
        _ = try await post("one", in: chat)
        #expect(server.callCount(of: .signIn) == 0 && server.callCount(of: .describe) == 1)
        server.expireSessions()
        _ = try await post("two", in: chat)
        #expect(server.callCount(of: .signIn) == 1)
        server.restart(keepingSessions: false)
        _ = try await post("three", in: chat)
        #expect(server.callCount(of: .signIn) == 2)
        #expect(texts(in: chat) == ["one", "two", "three"])
        client.close()
    }

    @Test("After a restore the log is shorter and old cursors want a snapshot")
    func restore() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("kept")
        let backup = server.backup()
        let cursor = try await client.snapshot().cursor
        _ = try await chat.post("gone")
        server.restore(backup)
        let error = await #expect(throws: DocketClientError.self) {
            try await server.clock.run { () async throws(DocketClientError) in
                for try await _ in client.feed(from: .after(cursor)) {}
            }
        }
        #expect(error?.code == .resyncRequired)
        #expect(texts(in: chat) == ["kept"])
        _ = try await post("new", in: chat)
        #expect(texts(in: chat) == ["kept", "new"])
        client.close()
    }

    @Test("A cursor below the floor wants a snapshot")
    func floor() async throws {
        let (client, chat) = try await chat()
        let cursor = try await client.snapshot().cursor
        for number in 0..<3 { _ = try await chat.post("\(number)") }
        server.forget(upTo: .max)
        let error = await #expect(throws: DocketClientError.self) {
            for try await _ in client.feed(from: .after(cursor)) {}
        }
        #expect(error?.code == .resyncRequired && error?.refusal?.particulars == "below_floor")
        client.close()
    }

    @Test("Whatever befalls the calls, every message is stored once and in order")
    func accidents() async throws {
        var random = SeededRandom()
        let (client, chat) = try await chat(seed: random.next())
        server.network.disturb(0.3, using: SeededGenerator(seed: random.next()))
        for number in 0..<30 {
            // A client that fails again and again waits for up to a minute.
            let outcome = try await server.clock.run(within: .seconds(60)) {
                try await chat.post("\(number)", within: .seconds(3_600))
            }
            #expect(outcome.isPosted, "\(random.replay)")
        }
        #expect(texts(in: chat) == (0..<30).map { "\($0)" }, "\(random.replay)")
        client.close()
    }

    @Test("An agent's client and an integration's see what they may")
    func principals() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        let agent = try server.client(as: server.addAgent(name: "Bo", role: .supervisor), seed: 2)
        #expect(try await agent.conversation(chat.id).post("two").isPosted)
        #expect(agent.identity?.role == .supervisor)
        let bridge = try server.client(
            as: server.addIntegration(name: "B", channel: "bridge"),
            seed: 3
        )
        let contact = try await bridge.contacts.ensure(externalID: "17", name: "Di")
        let inside = try await bridge.openConversation(channel: "bridge", for: contact.id)
        #expect(try await inside.post("hello").isPosted)
        let kinds = server.log.map(\.author.kind)
        #expect(
            kinds == [
                .contact, .contact, .contact, .agent, .integration, .integration, .integration,
            ]
        )
        let page = try await chat.history()
        #expect(page.events.count == 4)
        for client in [client, agent, bridge] { client.close() }
    }
}

extension PostOutcome {
    /// Whether the message is stored.
    fileprivate var isPosted: Bool {
        if case .posted = self { true } else { false }
    }
}
