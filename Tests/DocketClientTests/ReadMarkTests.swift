import DocketTesting
import Foundation
import Synchronization
import Testing

@testable import DocketClient

@Suite("What has been read is kept, and the server hears of it", .timeLimit(.minutes(5)))
struct ReadMarkTests {
    private let server = ModelServer()
    private let disk: MemoryDisk

    init() throws {
        disk = try MemoryDisk()
    }

    /// A conversation with answers of an agent's; gives where these stand.
    private func chat(
        with client: DocketClient,
        answers: Int = 3
    ) async throws -> (chat: Conversation, offsets: [UInt64]) {
        let chat = try await client.openConversation(channel: "chat")
        _ = try await chat.post("one")
        for number in 1...answers { try server.answer("answer \(number)", in: chat.id, as: "Bo") }
        try await level(client)
        _ = try await shown(chat)
        let offsets = server.log.filter { event in
            if case .message(let message) = event.fact { message.text != "one" } else { false }
        }
        return (chat, offsets.map(\.offset))
    }

    private func level(_ client: DocketClient) async throws {
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
    }

    /// How a conversation is shown once all of it is loaded.
    private func shown(_ chat: Conversation) async throws -> ConversationOverview {
        let view = try await server.clock.run(within: .seconds(59)) {
            try await chat.timeline().first { $0.isComplete }
        }
        return try #require(view?.conversation)
    }

    private func isPosted(_ text: String, in chat: Conversation) async throws -> Bool {
        if case .posted = try await chat.post(text) { true } else { false }
    }

    /// The marks that the server has.
    private var marks: [UInt64] {
        server.log.compactMap { if case .read(let offset) = $0.fact { offset } else { nil } }
    }

    @Test("Without a network a mark shows at once, and the furthest is told once there is one")
    func offline() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client)
        #expect(try await shown(chat).unread == 3)
        server.network.partition()
        for offset in [offsets[0], offsets[2], offsets[1]] {
            try await chat.markRead(upTo: offset)
        }
        let view = try await shown(chat)
        #expect(view.unread == 0 && view.readUpTo == offsets[2])
        #expect(client.unsentReadMarks == 1 && marks.isEmpty)
        server.network.heal()
        try await level(client)
        #expect(marks == [offsets[2]] && client.unsentReadMarks == 0)
        #expect(try await shown(chat) == view)
        client.close()
    }

    @Test("A mark on an own message leaves unread what the feed has yet to tell in front of it")
    func behindTheFeed() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client, answers: 1)
        let busy = Refusal(reason: "overloaded", message: "", particulars: "")
        server.network.refuseCalls(of: .subscribe, with: busy, retryAfter: .seconds(20))
        server.network.cut()
        for await state in client.states { if case .offline = state { break } }
        try server.answer("unseen", in: chat.id, as: "Bo")
        let sent = try await chat.send("two")
        let outcome = await server.clock.run(within: .seconds(1)) { await sent.outcome() }
        guard case .delivered(let receipt) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let shown = try await chat.timeline().first { _ in true }
        #expect(shown?.conversation?.lastMessage?.offset == receipt.offset)
        #expect(shown?.conversation?.unread == 1)
        try await chat.markRead(upTo: receipt.offset)
        try await level(client)
        let after = try await self.shown(chat)
        #expect(after.unread == 1 && after.readUpTo == offsets[0])
        #expect(marks == [offsets[0]])
        client.close()
    }

    @Test("A mark outlives the process, and the next one tells the server")
    func restart() async throws {
        var client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client)
        server.network.partition()
        try await chat.markRead(upTo: offsets[1])
        client.close()
        client = try await disk.client(of: server)
        let again = client.conversation(chat.id)
        #expect(try await shown(again).unread == 1)
        server.network.heal()
        try await level(client)
        #expect(marks == [offsets[1]])
        client.close()
    }

    @Test("What is marked is never unread again, whatever is lost on the way")
    func neverBack() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client, answers: 8)
        var views = chat.timeline(limit: 100).makeAsyncIterator()
        var unread = 8
        var pending = offsets
        while unread > 0 || !pending.isEmpty {
            if !pending.isEmpty {
                if pending.count.isMultiple(of: 2) { server.network.loseReplies(of: .markRead) }
                if pending.count.isMultiple(of: 3) { server.network.cut(afterMessages: 1) }
                try await chat.markRead(upTo: pending.removeFirst())
            }
            let view = try await server.clock.run(within: .seconds(59)) { try await views.next() }
            let count = try #require(view?.conversation?.unread)
            #expect(count <= unread)
            unread = count
        }
        try await level(client)
        #expect(marks.last == offsets.last && marks == marks.sorted())
        client.close()
    }

    @Test("A mark that the server refuses is dropped and told, and holds up nothing")
    func refused() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client)
        var drops = client.droppedReadMarks.makeAsyncIterator()
        let refusal = Refusal(reason: "not_found", message: "gone", particulars: "")
        server.refuse(.markRead, with: refusal)
        try await chat.markRead(upTo: offsets[2])
        #expect(try await isPosted("two", in: chat))
        let drop = await drops.next()
        #expect(drop?.offset == offsets[2] && drop?.conversationID == chat.id)
        guard case .refused(let told)? = drop?.cause else {
            Issue.record("\(String(describing: drop))")
            return
        }
        #expect(told.reason == "not_found")
        try await level(client)
        #expect(client.unsentReadMarks == 0 && marks.isEmpty)
        #expect(try await shown(chat).unread == 3)
        client.close()
        #expect(await drops.next() == nil)
    }

    @Test("A server that is busy is asked again, and messages do not wait for that")
    func busy() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client)
        let busy = Refusal(reason: "overloaded", message: "", particulars: "")
        server.network.refuseCalls(of: .markRead, with: busy, retryAfter: .seconds(20))
        try await chat.markRead(upTo: offsets[0])
        #expect(try await isPosted("two", in: chat))
        #expect(marks.isEmpty)
        try await level(client)
        #expect(marks == [offsets[0]] && server.clock.elapsed >= .seconds(20))
        client.close()
    }

    @Test("A mark of a life that a restore has ended is dropped and told, and marks nothing")
    func restored() async throws {
        let client = try await disk.client(of: server)
        let (chat, offsets) = try await chat(with: client, answers: 2)
        let backup = server.backup()
        try server.answer("late", in: chat.id, as: "Bo")
        try await level(client)
        server.network.partition()
        let last = try #require(server.log.last?.offset)
        try await chat.markRead(upTo: last)
        var drops = client.droppedReadMarks.makeAsyncIterator()
        server.restore(backup)
        for number in 1...3 { try server.answer("new \(number)", in: chat.id, as: "Bo") }
        server.network.heal()
        try await level(client)
        let drop = await drops.next()
        let mark = ReadMark(conversation: chat.id, position: last, epoch: nil)
        #expect(drop == DroppedReadMark(mark, .restored))
        #expect(marks.isEmpty)
        let view = try await shown(chat)
        #expect(view.unread == offsets.count + 3 && view.readUpTo == 0)
        try await chat.markRead(upTo: try #require(server.log.last?.offset))
        try await level(client)
        #expect(marks.count == 1)
        client.close()
    }

    @Test("On a full disk a mark is not kept, and whoever marks is told")
    func full() async throws {
        let isFull = Mutex(false)
        let client = try await disk.client(of: server) { isFull.withLock { $0 } ? .full : nil }
        let (chat, offsets) = try await chat(with: client)
        isFull.withLock { $0 = true }
        let error = await #expect(throws: DocketClientError.self) {
            try await chat.markRead(upTo: offsets[0])
        }
        #expect(error?.code == .storage && client.unsentReadMarks == 0)
        #expect(try await shown(chat).unread == 3)
        isFull.withLock { $0 = false }
        try await chat.markRead(upTo: offsets[0])
        // What the server has and the full disk cannot forget is forgotten once there is room.
        isFull.withLock { $0 = true }
        while marks.isEmpty { await Task.yield() }
        isFull.withLock { $0 = false }
        try await level(client)
        #expect(marks == [offsets[0]] && client.unsentReadMarks == 0)
        client.close()
    }

    @Test("A client without a profile that is closed at once still tells its marks")
    func closing() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let (chat, offsets) = try await chat(with: client)
        try await chat.markRead(upTo: offsets[2])
        client.close()
        await DocketClient.settle()
        #expect(marks == [offsets[2]])
        await #expect(throws: DocketClientError.self) { try await chat.markRead(upTo: offsets[2]) }
    }

    @Test("A client without a profile that is closed without a network says what it has not told")
    func lost() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let (chat, offsets) = try await chat(with: client)
        server.network.partition()
        for await state in client.states { if case .offline = state { break } }
        try await chat.markRead(upTo: offsets[2])
        var drops = client.droppedReadMarks.makeAsyncIterator()
        client.close()
        let drop = await drops.next()
        #expect(drop?.cause == .closed && drop?.offset == offsets[2])
        #expect(await drops.next() == nil)
    }

    @Test("A client that is closed while the server is silent gives up after five seconds")
    func silent() async throws {
        let client = try server.client(as: .newGuest(name: "Ana"))
        let (chat, offsets) = try await chat(with: client)
        server.network.loseCalls(of: .markRead, next: 2)
        try await chat.markRead(upTo: offsets[2])
        let drops = client.droppedReadMarks
        client.close()
        let drop = await server.clock.run(within: .seconds(6)) {
            await drops.first { _ in true }
        }
        #expect(drop?.cause == .closed && marks.isEmpty)
    }
}
