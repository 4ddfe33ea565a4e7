import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("The desk's copies")
struct DeskBackupTests {
    @Test("Commands and queries are answered while a copy is being verified")
    func verifying() async throws {
        let store = UnverifiedStore(MemoryStore(epoch: Epoch(1)))
        let fixture = try DeskFixture(store: store)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        async let copying: Void = fixture.desk.backUp(to: "copy")
        await store.waitUntilVerifying()
        #expect(await fixture.post("hello", in: conversation, as: ada).acceptance != nil)
        // There are four threads that read: were they taken in turn, one of these would wait.
        for _ in 0..<8 { _ = try await fixture.desk.request(number: 1) }
        store.verify()
        try await copying
        await fixture.desk.stop()
    }

    @Test("A desk that takes nothing makes no copy, and says why")
    func refused() async throws {
        let blocked = BlockedStore(MemoryStore(epoch: Epoch(1)))
        var limits = DeskLimits()
        limits.waitingCommands = 1
        let fixture = try DeskFixture(store: blocked, limits: limits)
        await blocked.waitUntilBlocked()
        let contact: ContactID = fixture.id()
        let change = IdentityChange.createGuest(
            contact,
            name: "x",
            secret: fixture.digest("x")
        )
        let waiting = Submission(key: nil, principal: nil, change: .identity(change))
        fixture.desk.submit(waiting) { _ in }
        await #expect(throws: BackupError.unavailable(.overloaded)) {
            try await fixture.desk.backUp(to: "copy")
        }
        blocked.release()
        await fixture.desk.stop()
        await #expect(throws: BackupError.unavailable(.stopped)) {
            try await fixture.desk.backUp(to: "copy")
        }
    }

    @Test("A store that cannot be copied says so, and the desk goes on")
    func unsupported() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(1)))
        await #expect(throws: BackupError.store(.unsupported)) {
            try await fixture.desk.backUp(to: "copy")
        }
        _ = await fixture.conversation(of: await fixture.guest("Ada"))
        #expect(fixture.desk.position.head == 1)
        await fixture.desk.stop()
    }
}
