import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("A request that cannot be read")
struct DamagedRequestTests {
    private let directory: TemporaryDirectory
    private let policy: Policy

    init() throws {
        directory = try TemporaryDirectory()
        var content = try Policy.shippedDefault().content
        content.channels = content.channels.map { channel in
            guard channel.key == "chat" else { return channel }
            return Channel(key: "chat", name: "Chat", inactiveAfter: .seconds(10))
        }
        policy = try Policy(content)
    }

    /// Two contacts with a chat each, in a store that is closed.
    private struct Scene {
        let ada: Principal
        let eve: Principal
        let bo: Principal
        let adasConversation: ConversationID
        let evesConversation: ConversationID
        let adasRequest: RequestID
        let evesRequest: RequestID
        let end: Timestamp
    }

    private func scene() async throws -> Scene {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store, policy: policy)
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let bo = await fixture.agent("Bo", .administrator)
        let first = await fixture.conversation(of: ada)
        let second = await fixture.conversation(of: eve)
        let broken = await fixture.request(byPosting: "hello", in: first, as: ada)
        let whole = await fixture.request(byPosting: "good day", in: second, as: eve)
        let scene = Scene(
            ada: ada,
            eve: eve,
            bo: bo,
            adasConversation: first,
            evesConversation: second,
            adasRequest: try #require(broken),
            evesRequest: try #require(whole),
            end: fixture.clock.now()
        )
        await fixture.desk.stop()
        try store.close()
        return scene
    }

    /// Writes over what is kept of the first request.
    private func write(details: [UInt8]) throws {
        let queue = try DatabaseQueue(path: directory.path + "/" + SQLiteStore.fileName)
        try queue.write { database in
            try database.execute(
                sql: "UPDATE request SET details = ? WHERE number = 1",
                arguments: [Data(details)]
            )
        }
        try queue.close()
    }

    private func reopened(_ scene: Scene, seed: UInt64) throws -> (SQLiteStore, DeskFixture) {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let clock = ManualClock()
        clock.advance(by: scene.end.since(clock.now()) + .seconds(60))
        let fixture = try DeskFixture(store: store, seed: seed, policy: policy, clock: clock)
        return (store, fixture)
    }

    @Test("Who needs it is refused alone, and everybody else goes on")
    func isolation() async throws {
        let scene = try await scene()
        try write(details: [0xFF])
        let (store, fixture) = try reopened(scene, seed: 2)
        for _ in 0..<2 {
            let reply = await fixture.post("again", in: scene.adasConversation, as: scene.ada)
            #expect(reply.unavailability == .storeDamaged)
        }
        let taking = await fixture.ask(.take(scene.adasRequest), as: scene.bo)
        #expect(taking.unavailability == .storeDamaged)
        let posted = await fixture.post("again", in: scene.evesConversation, as: scene.eve)
        #expect(posted.acceptance != nil)
        let listed = try await fixture.desk.requests(RequestFilter(limit: 9), page: nil)
        #expect(listed.requests.map(\.id) == [scene.evesRequest], "lists go on without it")
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }

    @Test("Its timer is parked, others fire, and a check names both the request and its timer")
    func timer() async throws {
        let scene = try await scene()
        try write(details: [0xFF])
        let (store, fixture) = try reopened(scene, seed: 3)
        await fixture.settle()
        #expect(try await fixture.desk.request(scene.evesRequest).session == nil)
        let problems = try store.check()
        #expect(
            problems == [
                "the request 1 cannot be read: the details of a request are none",
                "a timer of the request 1 is parked, since the request could not be read",
            ]
        )
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }

    @Test("Repaired, it is as before, and its timer fires within an hour")
    func repair() async throws {
        let scene = try await scene()
        try write(details: [0xFF])
        let (damaged, parking) = try reopened(scene, seed: 4)
        await parking.settle()
        await parking.settle()
        #expect(try damaged.check().count == 2)
        await parking.desk.stop()
        try damaged.close()
        try write(details: [])
        let (store, fixture) = try reopened(scene, seed: 5)
        // The first transaction keeps house, and the timer is due in the next.
        for _ in 0..<2 { await fixture.settle() }
        #expect(try await fixture.desk.request(scene.adasRequest).session == nil)
        #expect(try store.check().isEmpty)
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }

    @Test("A repetition of what took effect is not told that it did not")
    func repetition() async throws {
        let scene = try await scene()
        try write(details: [0xFF])
        let (store, fixture) = try reopened(scene, seed: 6)
        let opening = OpenConversation(id: scene.adasConversation, channel: "chat")
        let repeated = await fixture.ask(.openConversation(opening), as: scene.ada)
        #expect(repeated.unavailability == .outcomeUnknown)
        let opened = OpenConversation(id: fixture.id(), channel: "chat")
        let new = await fixture.ask(.openConversation(opened), as: scene.ada)
        #expect(new.unavailability == .storeDamaged)
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }

    @Test("In a batch and in a lane, only what needs it and what comes after it in the lane waits")
    func group() async throws {
        let scene = try await scene()
        try write(details: [0xFF])
        let (store, fixture) = try reopened(scene, seed: 7)
        let posts = [
            (scene.eve, scene.evesConversation), (scene.ada, scene.adasConversation),
            (scene.eve, scene.evesConversation),
        ]
        for bond in [SubmissionGroup.Bond.independent, .lane] {
            let submissions = posts.map { author, conversation in
                let post = Post(id: fixture.id(), conversation: conversation, text: "again")
                return Submission(
                    key: Submission.Key(id: CommandID(post.id), digest: fixture.digest("post")),
                    principal: author,
                    change: .command(.post(post))
                )
            }
            let replies = await fixture.desk.submit(SubmissionGroup(submissions, bond: bond))
            #expect(replies.map(\.isAcceptance) == [true, false, bond == .independent])
            #expect(replies[1].unavailability == .storeDamaged)
        }
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }

    @Test("A start after a kill goes on without a damaged request that is behind its log")
    func kill() async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store, policy: policy)
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let first = await fixture.conversation(of: ada)
        let second = await fixture.conversation(of: eve)
        for text in ["one", "two", "three"] {
            _ = await fixture.post(text, in: first, as: ada)
            _ = await fixture.post(text, in: second, as: eve)
        }
        let killed = try directory.copy()
        await fixture.desk.stop()
        try store.close()
        let queue = try DatabaseQueue(path: killed.path + "/" + SQLiteStore.fileName)
        try await queue.write { database in
            try database.execute(sql: "UPDATE request SET details = x'ff' WHERE number = 1")
        }
        try queue.close()
        let again = try SQLiteStore(directory: killed.path, newEpoch: Epoch(8))
        let revived = try DeskFixture(store: again, seed: 9, policy: policy)
        let whole = await revived.post("four", in: second, as: eve)
        #expect(whole.acceptance != nil)
        let damaged = await revived.post("four", in: first, as: ada)
        #expect(damaged.unavailability == .storeDamaged)
        await revived.desk.stop()
        #expect(revived.fatalErrors.isEmpty)
        try again.close()
    }

    @Test("An entry of the log that cannot be read is named, and stops nothing that needs no more")
    func entry() async throws {
        let scene = try await scene()
        let queue = try DatabaseQueue(path: directory.path + "/" + SQLiteStore.fileName)
        try await queue.write { database in
            try database.execute(
                sql: """
                    UPDATE log SET event = x'ff' WHERE instr(event, CAST('good day' AS BLOB)) > 0
                    """
            )
            #expect(database.changesCount == 1)
        }
        try queue.close()
        let (store, fixture) = try reopened(scene, seed: 6)
        let posted = await fixture.post("again", in: scene.evesConversation, as: scene.eve)
        #expect(posted.acceptance != nil)
        let problems = try store.check()
        #expect(problems.contains { $0.hasSuffix("of the log cannot be read") })
        await fixture.desk.stop()
        #expect(fixture.fatalErrors.isEmpty)
        try store.close()
    }
}
