import DocketTesting
import Synchronization
import Testing

@testable import DocketClient

@Suite("A client whose disk has failed says so, and does nothing more", .timeLimit(.minutes(5)))
struct BrokenDiskTests {
    private let server = ModelServer()
    private let disk: MemoryDisk

    init() throws {
        disk = try MemoryDisk()
    }

    @Test("On a broken disk nothing leaves, and whoever waits is told why")
    func brokenDisk() async throws {
        let isBroken = Mutex(false)
        let client = try await disk.client(of: server) { isBroken.withLock { $0 } ? .broken : nil }
        let chat = try await client.openConversation(channel: "chat")
        server.network.partition()
        let message = try await chat.send("one")
        isBroken.withLock { $0 = true }
        server.network.heal()
        let outcome = await server.clock.run(within: .seconds(59)) { await message.outcome() }
        guard case .queued(let cause?) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(cause.code == .storage)
        #expect(server.callCount(of: .post) == 0)
        await #expect(throws: EnqueueError.storageFailed("the disk fails")) {
            try await chat.send("two")
        }
        client.close()
    }

    @Test("On a disk that broke under a message its lane stands still, though it was delivered")
    func brokenDiskUnderWay() async throws {
        let isBroken = Mutex(false)
        let client = try await disk.client(of: server) { isBroken.withLock { $0 } ? .broken : nil }
        let chat = try await client.openConversation(channel: "chat")
        server.network.delayCalls(of: .post, by: .seconds(2))
        let first = try await chat.send("one")
        let second = try await chat.send("two")
        while server.callCount(of: .post) == 0 {
            if server.clock.waits > 0, try client.runner.store.content().commands[0].mayBeSent {
                isBroken.withLock { $0 = true }
                server.clock.advance(by: .seconds(2))
            }
            await Task.yield()
        }
        guard case .delivered = await first.outcome(), case .queued = await second.outcome() else {
            Issue.record("\(await second.outcome())")
            return
        }
        #expect(server.messages(of: chat.id).map(\.text) == ["one"])
        client.close()
    }
}
