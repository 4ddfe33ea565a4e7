import DocketTestSupport
import DocketTesting
import Foundation
import Synchronization
import Testing

@testable import DocketClient

@Suite("A timeline is what the server has told, and behind it what waits", .timeLimit(.minutes(5)))
struct TimelineTests {
    private let server = ModelServer()

    private func chat(
        over network: ModelNetwork? = nil,
        as credential: Credential = .newGuest(name: "Ana"),
        seed: UInt64 = 1
    ) async throws -> (client: DocketClient, chat: Conversation) {
        let client = try server.client(as: credential, over: network, seed: seed)
        return (client, try await client.openConversation(channel: "chat"))
    }

    /// The first view that is as a test wants it, while short waits pass.
    private func view(
        of chat: Conversation,
        limit: Int = 50,
        where isWanted: @escaping @Sendable (TimelineView) -> Bool
    ) async throws -> TimelineView {
        try await server.clock.run(within: .seconds(60)) {
            for try await view in chat.timeline(limit: limit) where isWanted(view) { return view }
            throw DocketClientError(.closed, "the timeline ended")
        }
    }

    @Test("What was sent and what was answered stands in its order")
    func order() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        try server.answer("two", in: chat.id, as: "Bo")
        _ = try await chat.post("three")
        let view = try await view(of: chat) { $0.texts == ["one", "two", "three"] }
        #expect(view.isComplete)
        #expect(view.conversation?.newestRequest?.number == 1)
        #expect(view.conversation?.unread == 1)
        #expect(view.queued.isEmpty)
        client.close()
    }

    @Test("Without a network the timeline shows what is known, and what waits")
    func offline() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        _ = try await view(of: chat) { $0.texts == ["one"] }
        server.network.partition()
        _ = try await chat.send("two")
        let shown = try await view(of: chat) { !$0.queued.isEmpty }
        #expect(shown.texts == ["one"])
        #expect(shown.queued == ["two"])
        server.network.heal()
        _ = try await view(of: chat) { $0.texts == ["one", "two"] && $0.queued.isEmpty }
        client.close()
    }

    @Test("An own message is shown once in every view, from its sending on, whatever is lost")
    func shownOnce() async throws {
        let (client, chat) = try await chat()
        _ = try await view(of: chat) { $0.conversation != nil }
        let texts = (1...20).map { "message \($0)" }
        var iterator = chat.timeline(limit: 100).makeAsyncIterator()
        var sent = 0
        var view = try await iterator.next()
        while view?.texts != texts {
            if sent < texts.count {
                if sent.isMultiple(of: 5) { server.network.loseReplies(of: .post) }
                if sent.isMultiple(of: 7) { server.network.cut(afterMessages: 2) }
                _ = try await chat.send(texts[sent])
                sent += 1
            }
            view = try await server.clock.run(within: .seconds(60)) { try await iterator.next() }
            guard let view else { break }
            let shown = view.texts + view.queued
            #expect(shown == Array(texts.prefix(sent)))
        }
        client.close()
    }

    @Test("A long past is missing at first, and loaded while somebody looks")
    func past() async throws {
        let (first, chat) = try await chat()
        for number in 1...130 { _ = try await chat.post("message \(number)") }
        let key = try #require(first.guestKey)
        first.close()
        let tablet = try server.client(as: .guest(key), seed: 2)
        let again = tablet.conversation(chat.id)
        let few = try await view(of: again, limit: 20) { $0.texts.count == 20 }
        #expect(few.texts.last == "message 130")
        #expect(!few.isComplete)
        let all = try await view(of: again, limit: 500) { $0.isComplete }
        #expect(all.texts == (1...130).map { "message \($0)" })
        tablet.close()
    }

    @Test("A restart shows at once what was stored, and then what has happened")
    func restart() async throws {
        let folder = try StoreFixture().folder
        var profile = try Profile.open(at: folder)
        var client = try await server.open(profile, as: .newGuest(name: "Ana"))
        let id = try await client.openConversation(channel: "chat").id
        _ = try await client.conversation(id).post("one")
        _ = try await view(of: client.conversation(id)) { $0.texts == ["one"] }
        client.close()
        profile.close()
        try server.answer("two", in: id, as: "Bo")
        server.network.partition()
        profile = try Profile.open(at: folder)
        client = try await server.open(profile, as: .newGuest(name: "Ana"))
        var iterator = client.conversation(id).timeline().makeAsyncIterator()
        #expect(try await iterator.next()?.texts == ["one"])
        server.network.heal()
        _ = try await view(of: client.conversation(id)) { $0.texts == ["one", "two"] }
        #expect(server.callCount(of: .createGuest) == 1)
        #expect(server.callCount(of: .snapshot) == 1)
        client.close()
        profile.close()
    }

    @Test("After a restore of the server the timeline is the server's, and what waited is sent")
    func restored() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        let backup = server.backup()
        _ = try await chat.post("two")
        _ = try await view(of: chat) { $0.texts == ["one", "two"] }
        server.network.partition()
        _ = try await chat.send("three")
        server.restore(backup)
        server.network.heal()
        let view = try await view(of: chat) { $0.texts == ["one", "three"] && $0.isComplete }
        #expect(view.queued.isEmpty)
        client.close()
    }

    @Test("A cursor that has become too old leads to a snapshot, and what was missed is loaded")
    func tooOld() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        _ = try await view(of: chat) { $0.texts == ["one"] }
        server.network.partition()
        for number in 2...5 { try server.answer("\(number)", in: chat.id, as: "Bo") }
        let head = try #require(server.log.last?.offset)
        server.forget(upTo: head)
        server.network.heal()
        let view = try await view(of: chat) { $0.texts == ["one", "2", "3", "4", "5"] }
        #expect(view.isComplete)
        #expect(view.conversation?.unread == 4)
        client.close()
    }

    @Test("The list has the conversation that changed last first, with what is unread")
    func list() async throws {
        let (client, chat) = try await chat()
        _ = try await chat.post("one")
        server.clock.advance(by: .seconds(1))
        let portal = try await client.openConversation(channel: "portal")
        _ = try await portal.post("elsewhere")
        server.clock.advance(by: .seconds(1))
        try server.answer("two", in: chat.id, as: "Bo")
        var list: [ConversationOverview] = []
        for try await views in client.conversations() {
            list = views
            if list.first?.unread == 1 { break }
        }
        #expect(list.map(\.id) == [chat.id, portal.id])
        #expect(list.map(\.channel) == ["chat", "portal"])
        try await chat.markRead(upTo: try #require(list.first?.lastMessage?.offset))
        for try await views in client.conversations() where views.first?.unread == 0 { break }
        client.close()
    }

    @Test("A sync returns when everything is sent and everything is read, and says when it cannot")
    func sync() async throws {
        let (client, chat) = try await chat()
        server.network.partition()
        _ = try await chat.send("one")
        let failure = await #expect(throws: DocketClientError.self) {
            try await server.clock.run(within: .seconds(59)) {
                try await client.sync(within: .seconds(5))
            }
        }
        #expect(failure?.code == .unreachable)
        server.network.heal()
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(server.messages(of: chat.id).map(\.text) == ["one"])
        let view = try await view(of: chat) { _ in true }
        #expect(view.texts == ["one"])
        client.close()
    }

    @Test("A message that a restored server has stored is shown before the client knows of that")
    func shownAfterRestore() async throws {
        let (client, chat) = try await chat()
        let backup = server.backup()
        for number in 1...5 { _ = try await chat.post("old \(number)") }
        _ = try await view(of: chat) { $0.texts.count == 5 }
        server.network.partition()
        for await state in client.states { if case .offline = state { break } }
        let message = try await chat.send("new")
        server.restore(backup)
        server.network.delayCalls(of: .subscribe, by: .seconds(3_600))
        server.network.heal()
        client.reconnectNow()
        let outcome = await message.outcome()
        guard case .delivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        var iterator = chat.timeline().makeAsyncIterator()
        let shown = try #require(try await iterator.next())
        #expect((shown.texts + shown.queued).filter { $0 == "new" }.count == 1)
        client.close()
    }

    @Test("After a restore of the server a sync is over though its log has become shorter")
    func syncAfterRestore() async throws {
        let (client, chat) = try await chat()
        let backup = server.backup()
        for number in 1...5 { _ = try await chat.post("\(number)") }
        _ = try await view(of: chat) { $0.texts.count == 5 }
        server.restore(backup)
        _ = try await view(of: chat) { $0.texts.isEmpty && $0.isComplete }
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        client.close()
    }

    @Test("A sync that cannot go on from a place asks no more from there")
    func syncFromTooOld() async throws {
        let (client, chat) = try await chat()
        let (other, place) = try await self.chat(over: server.makeNetwork(), seed: 2)
        try await server.clock.run { try await client.sync() }
        _ = try await place.post("of somebody else")
        server.forget(upTo: try #require(server.log.last?.offset))
        let before = server.callCount(of: .subscribe)
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(server.callCount(of: .subscribe) - before <= 6)
        _ = try await view(of: chat) { $0.isComplete }
        client.close()
        other.close()
    }

    @Test("Without a network a sync is not over, also where everything was read before")
    func syncWithoutNetwork() async throws {
        let (client, chat) = try await chat()
        try await client.sync()
        server.network.partition()
        for await state in client.states { if case .offline = state { break } }
        try server.answer("one", in: chat.id, as: "Bo")
        let failure = await #expect(throws: DocketClientError.self) {
            try await server.clock.run(within: .seconds(59)) {
                try await client.sync(within: .seconds(5))
            }
        }
        #expect(failure?.code == .unreachable)
        server.network.heal()
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        let view = try await view(of: chat) { _ in true }
        #expect(view.texts == ["one"])
        client.close()
    }

    @Test("On a full disk a message that was delivered is shown until the store can show it")
    func fullDisk() async throws {
        let disk = try SmallDisk()
        let client = try await disk.client(of: server)
        let chat = try await client.openConversation(channel: "chat")
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        server.network.delayCalls(of: .post, by: .seconds(2))
        let message = try await chat.send("one")
        while try client.runner.store.content().commands.first?.mayBeSent != true {
            await Task.yield()
        }
        disk.room = 0
        let outcome = await server.clock.run(within: .seconds(4)) { await message.outcome() }
        guard case .delivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        var iterator = chat.timeline().makeAsyncIterator()
        let shown = try #require(try await iterator.next())
        #expect(shown.texts + shown.queued == ["one"])
        disk.room = nil
        _ = try await view(of: chat) {
            $0.texts == ["one"] && $0.queued.isEmpty && $0.isComplete
        }
        client.close()
    }

    @Test("On a full disk a message is not taken back, since a restart would send it")
    func fullDiskKeeps() async throws {
        let disk = try SmallDisk()
        let client = try await disk.client(of: server)
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        for await state in client.states { if case .offline = state { break } }
        let message = try await chat.send("one")
        disk.room = 0
        await #expect(throws: EnqueueError.storageFull) { try await message.cancel() }
        disk.room = nil
        #expect(try client.outbox.messages().map(\.text) == ["one"])
        #expect(try await message.cancel())
        #expect(try client.outbox.messages().isEmpty)
        client.close()
    }

    @Test("What a guest has queued before ever signing in is sent after a restart")
    func queuedBeforeSignIn() async throws {
        let (first, chat) = try await chat()
        let key = try #require(first.guestKey)
        first.close()
        server.network.partition()
        let disk = try SmallDisk()
        let early = try await disk.client(of: server, as: .guest(key))
        _ = try await early.conversation(chat.id).send("one")
        early.close()
        server.network.heal()
        let client = try await disk.client(of: server, as: .guest(key))
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(server.messages(of: chat.id).map(\.text) == ["one"])
        client.close()
    }

    @Test("A profile that belongs to somebody else sends nothing and takes nothing")
    func otherPrincipal() async throws {
        let folder = try StoreFixture().folder
        var profile = try Profile.open(at: folder)
        let bo = server.addAgent(name: "Bo")
        var client = try await server.open(profile, as: bo)
        try await client.signedIn()
        client.close()
        profile.close()
        profile = try Profile.open(at: folder)
        let guest = await #expect(throws: DocketClientError.self) {
            try await server.open(profile, as: .newGuest(name: "Ana"))
        }
        #expect(guest?.code == .otherPrincipal)
        profile.close()
        profile = try Profile.open(at: folder)
        client = try await server.open(profile, as: server.addAgent(name: "Cy"))
        let other = client
        let refused = await #expect(throws: DocketClientError.self) { try await other.signedIn() }
        #expect(refused?.code == .otherPrincipal)
        let chat = client.conversation(ConversationID())
        let failure = await #expect(throws: EnqueueError.self) { try await chat.send("no") }
        guard case .otherPrincipal = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        client.close()
        profile.close()
    }
}

extension TimelineView {
    /// What was said, in order.
    fileprivate var texts: [String] {
        items.compactMap { item in
            guard case .event(let event) = item, case .messagePosted(let message) = event.fact
            else {
                return nil
            }
            return message.text
        }
    }

    /// What waits to be sent, in order.
    fileprivate var queued: [String] {
        items.compactMap { item in
            guard case .queued(let message) = item else { return nil }
            return message.text
        }
    }
}

/// A disk in memory that has room for so many commits.
private final class SmallDisk: Sendable {
    private let disk: MemoryDisk
    private let left = Mutex<Int?>(nil)

    init() throws {
        disk = try MemoryDisk()
    }

    /// How many commits there is room for; nil for any number.
    var room: Int? {
        get { left.withLock { $0 } }
        set { left.withLock { $0 = newValue } }
    }

    /// A client of a server with what is on the disk.
    func client(
        of server: ModelServer,
        as credential: Credential = .newGuest(name: "Ana")
    ) async throws -> DocketClient {
        try await DocketClient.open(
            disk,
            over: server.network,
            as: credential,
            clock: EngineClock(server.clock),
            random: SeededGenerator(seed: 1)
        ) {
            self.left.withLock { left in
                guard let room = left else { return nil }
                left = max(0, room - 1)
                return room > 0 ? nil : .full
            }
        }
    }
}
