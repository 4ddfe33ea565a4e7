import DocketTesting
import Foundation
import Synchronization
import Testing

@testable import DocketClient

@Suite("A client whose server was restored shows one life of the log", .timeLimit(.minutes(5)))
struct RestoreTests {
    private let server = ModelServer()
    private let disk: MemoryDisk

    init() throws {
        disk = try MemoryDisk()
    }

    @Test("The past is not asked for before it is known of which life of the log it is")
    func pastOfAnotherLife() async throws {
        var client = try await disk.client(of: server)
        let id = try await client.openConversation(channel: "chat").id
        for number in 1...5 { _ = try await client.conversation(id).post("\(number)") }
        try await server.clock.run { try await client.sync() }
        client.close()
        #expect(server.callCount(of: .history) == 0)
        server.restore()
        client = try await disk.client(of: server)
        let chat = client.conversation(id)
        try await server.clock.run(within: .seconds(59)) {
            for try await view in chat.timeline() where view.isComplete { break }
        }
        let snapshot = try #require(server.calls.lastIndex(of: .snapshot))
        let history = try #require(server.calls.firstIndex(of: .history))
        #expect(snapshot < history)
        client.close()
    }

    @Test("A message that the full disk could not forget is shown until a restored log has it")
    func fullDisk() async throws {
        let isFull = Mutex(false)
        let client = try await disk.client(of: server) { isFull.withLock { $0 } ? .full : nil }
        let chat = try await client.openConversation(channel: "chat")
        try await server.clock.run { try await client.sync() }
        server.network.loseCalls(of: .post)
        server.network.refuseConnections(next: 1)
        let message = try await chat.send("one")
        for await state in client.states { if case .offline = state { break } }
        isFull.withLock { $0 = true }
        server.restore()
        let outcome = await server.clock.run(within: .seconds(3)) { await message.outcome() }
        guard case .delivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        isFull.withLock { $0 = false }
        var isWhole = false
        try await server.clock.run(within: .seconds(59)) {
            for try await view in chat.timeline() {
                #expect(view.shows("one") || !view.isComplete)
                isWhole = view.isComplete && view.said == ["one"]
                if isWhole { break }
            }
        }
        #expect(isWhole)
        client.close()
    }

    /// Opens a client, and ends it when it has put by the first page of a snapshot.
    private func breakOffASnapshot() async throws {
        let commits = Mutex(0)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let client = try await disk.client(of: server, snapshotPage: 1) {
            let isFirst = commits.withLock { count in
                defer { count += 1 }
                return count == 0
            }
            if !isFirst { end.yield() }
            return isFirst ? nil : .ended
        }
        let sync = Task { try await client.sync() }
        for await _ in ends { break }
        client.close()
        await #expect(throws: DocketClientError.self) { try await sync.value }
    }

    @Test("A snapshot that broke off goes on behind its last page, also in another process")
    func pages() async throws {
        var client = try await disk.client(of: server)
        var ids: Set<ConversationID> = []
        for channel in ["chat", "bridge", "portal"] {
            ids.insert(try await client.openConversation(channel: channel).id)
        }
        client.close()
        try await breakOffASnapshot()
        let before = server.callCount(of: .snapshot)
        client = try await disk.client(of: server, snapshotPage: 1)
        try await server.clock.run { try await client.sync() }
        #expect(server.callCount(of: .snapshot) - before == 2)
        #expect(try await known(to: client) == ids)
        client.close()
    }

    @Test("A snapshot that broke off before a restore begins anew")
    func pagesOfAnotherLife() async throws {
        var client = try await disk.client(of: server)
        let ids = [
            try await client.openConversation(channel: "chat").id,
            try await client.openConversation(channel: "bridge").id,
        ]
        client.close()
        try await breakOffASnapshot()
        server.restore()
        client = try await disk.client(of: server, snapshotPage: 1)
        // A limit that the clock does not pass: the client waits a few times before it is level.
        try await server.clock.run(within: .seconds(59)) {
            try await client.sync(within: .seconds(3_600))
        }
        #expect(try await known(to: client) == Set(ids))
        client.close()
    }

    /// The conversations that a client holds.
    private func known(to client: DocketClient) async throws -> Set<ConversationID> {
        var lists = client.conversations().makeAsyncIterator()
        let list = try #require(try await lists.next())
        return Set(list.map(\.id))
    }
}

extension TimelineView {
    /// What was said.
    fileprivate var said: [String] {
        items.compactMap { item in
            guard case .event(let event) = item, case .messagePosted(let message) = event.fact
            else { return nil }
            return message.text
        }
    }

    /// Whether a message is shown, as said or as queued.
    fileprivate func shows(_ text: String) -> Bool {
        said.contains(text)
            || items.contains { item in
                if case .queued(let message) = item { message.text == text } else { false }
            }
    }
}
