import DocketMessages
import DocketRPC
import DocketTesting
import Testing

@testable import DocketClient

@Suite("Clients on one profile: one holds it, the others visit it", .timeLimit(.minutes(5)))
struct SharedClientTests {
    private let fixture: StoreFixture
    private let folder: String
    private let desk = FakeDesk()

    init() throws {
        fixture = try StoreFixture()
        folder = fixture.folder + "/profile"
    }

    private func open() async throws -> SharedClient {
        try await SharedClient.open(
            at: folder,
            over: FaultyConnector(to: desk),
            as: .newGuest(name: "Ana")
        )
    }

    private func isDelivered(_ message: SharedMessage) async -> Bool {
        if case .delivered = await message.outcome(within: .seconds(30)) { true } else { false }
    }

    @Test("A visitor is the same guest, and the holder sends what it says")
    func visitor() async throws {
        let holder = try await open()
        let visitor = try await open()
        let chat = try await holder.client.openConversation(channel: "chat")
        let there = visitor.client.conversation(chat.id)
        #expect(await isDelivered(try await visitor.send("from the visitor", in: there)))
        #expect(await isDelivered(try await holder.send("from the holder", in: chat)))
        #expect(desk.texts == ["from the visitor", "from the holder"])
        try await visitor.client.signedIn()
        #expect(visitor.client.identity?.party.id == holder.client.identity?.party.id)
        #expect(desk.guestCount == 1)
        await visitor.close()
        await holder.close()
    }

    @Test("A visitor runs no relay: what that keeps is the holder's")
    func relay() async throws {
        let holder = try await open()
        let visitor = try await open()
        let error = await #expect(throws: DocketClientError.self) {
            try await visitor.client.relay("gateway", channel: "chat") { _ in }
        }
        #expect(error?.code == .profileBusy)
        try await holder.client.relay("gateway", channel: "chat") { _ in }
        await visitor.close()
        await holder.close()
    }

    @Test("The socket and the folder are the user's alone, and the socket goes with the holder")
    func owned() async throws {
        let holder = try await open()
        #expect(try fixture.permissions(of: folder) == 0o700)
        #expect(try fixture.permissions(of: folder + "/engine.sock") == 0o600)
        await holder.close()
        #expect(!DurableFiles.exists(folder + "/engine.sock"))
    }

    @Test("When the holder ends, a visitor goes on with what both have queued")
    func handover() async throws {
        let holder = try await open()
        let visitor = try await open()
        let chat = try await holder.client.openConversation(channel: "chat")
        let there = visitor.client.conversation(chat.id)
        desk.refusePosts(RPCError(.overloaded, "later"))
        let first = try await holder.send("first", in: chat)
        let second = try await visitor.send("second", in: there)
        await holder.close()
        #expect(await isDelivered(second))
        #expect(desk.texts == ["first", "second"])
        #expect(await first.outcome(within: .zero) != .discarded)
        let third = try await open()
        #expect(await isDelivered(try await third.send("third", in: there)))
        await third.close()
        await visitor.close()
    }

    @Test("What a visitor has read shows there at once, and waits with the holder")
    func readMark() async throws {
        let server = ModelServer()
        func open() async throws -> SharedClient {
            try await SharedClient.open(
                at: folder,
                over: server.network,
                as: .newGuest(name: "Ana")
            )
        }
        let holder = try await open()
        let chat = try await holder.client.openConversation(channel: "chat")
        _ = try await chat.post("one")
        let offset = try server.answer("two", in: chat.id, as: "Bo")
        try await holder.client.sync()
        let visitor = try await open()
        server.network.partition()
        let there = visitor.client.conversation(chat.id)
        try await visitor.markRead(upTo: offset, in: there)
        var views = there.timeline().makeAsyncIterator()
        let view = try #require(try await views.next()?.conversation)
        #expect(view.unread == 0 && view.readUpTo == offset)
        #expect(holder.client.unsentReadMarks == 1 && visitor.client.unsentReadMarks == 0)
        await visitor.close()
        await holder.close()
        let next = try await open()
        #expect(next.client.unsentReadMarks == 1)
        await next.close()
    }

    @Test("A message that nobody remembers is asked for again, and is the same")
    func forgotten() async throws {
        let holder = try await open()
        let visitor = try await open()
        let chat = try await holder.client.openConversation(channel: "chat")
        let message = try await visitor.send("once", in: visitor.client.conversation(chat.id))
        #expect(await isDelivered(message))
        await holder.close()
        let next = try await open()
        #expect(await isDelivered(message))
        #expect(desk.texts == ["once"])
        await next.close()
        await visitor.close()
    }

    @Test("A visitor sees what waits, tries it again and gives it up")
    func queue() async throws {
        let holder = try await open()
        let visitor = try await open()
        let chat = try await holder.client.openConversation(channel: "chat")
        let there = visitor.client.conversation(chat.id)
        let refusal = Refusal(reason: "field_too_long", message: "too long", particulars: "")
        desk.refusePosts(RPCError(.fieldTooLong, "too long"))
        let refused = try await visitor.send("poison", in: there)
        #expect(await refused.outcome(within: .seconds(30)) == .refused(refusal))
        let behind = try await visitor.send("behind", in: there)
        let outcome = await behind.outcome(within: .seconds(30))
        #expect(outcome == .waiting(behind: CommandID(refused.id)))
        let shown = try await visitor.queued()
        #expect(shown.map(\.id) == [refused.id, behind.id])
        #expect(shown.map(\.state) == [.refused(refusal), .blocked(by: CommandID(refused.id))])
        #expect(try await visitor.retry(MessageID()) == nil)
        #expect(try await visitor.discard(refused.id))
        #expect(try await !visitor.discard(refused.id))
        #expect(await isDelivered(behind))
        await #expect(throws: EnqueueError.keyReused) {
            desk.refusePosts(RPCError(.fieldTooLong, "too long"))
            let first = try await visitor.send("one", in: there)
            _ = await first.outcome(within: .seconds(30))
            _ = try await visitor.send("other", in: there, id: first.id)
        }
        await visitor.close()
        await holder.close()
    }

    @Test("What an outbox refuses and how a message stands mean the same on both sides")
    func messages() throws {
        let errors: [EnqueueError] = [
            .outboxFull(.messages(3)), .outboxFull(.bytes(4)), .storageFull, .tooLarge(limit: 5),
            .keyReused, .storageFailed("bad"), .otherPrincipal("not you"), .closed,
        ]
        for error in errors { #expect(EnqueueError(Docket_Local_Fault(error)) == error) }
        let id = MessageID()
        let refusal = Refusal(reason: "a", message: "b", particulars: "c")
        let receipt = Receipt(
            messageID: id,
            offset: 1,
            sequence: 2,
            requestID: RequestID(),
            requestNumber: 3,
            acceptedAt: Timestamp(millisecondsSinceEpoch: 4)
        )
        let outcomes: [SendOutcome] = [
            .delivered(receipt), .refused(refusal), .failed(refusal), .expired,
            .waiting(behind: CommandID()), .discarded, .queued(because: nil),
            .queued(because: DocketClientError(.needsLogin, "sign in")),
        ]
        for outcome in outcomes {
            #expect(try Docket_Local_FollowReply(outcome).outcome(of: id) == outcome)
        }
        #expect(try Docket_Local_FollowReply().outcome(of: id) == nil)
    }
}
