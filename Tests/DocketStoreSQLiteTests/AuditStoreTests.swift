import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The audit of a store on disk", .timeLimit(.minutes(5)))
struct AuditStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Lets a desk write some entries, and closes its store.
    private func fill() async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(1))
        let fixture = try DeskFixture(store: store)
        let guest = await fixture.guest("Ana")
        let conversation = await fixture.conversation(of: guest)
        for index in 0..<6 {
            _ = await fixture.post("message \(index)", in: conversation, as: guest)
        }
        await fixture.desk.stop()
        try store.close()
    }

    /// What a look at the stopped store tells after somebody wrote into its file.
    private func problems(after tampering: [String]) throws -> [String] {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try queue.write { database in
            for statement in tampering { try database.execute(sql: statement) }
        }
        try queue.close()
        return try SQLiteStore.look(at: directory.path, hash: DeskFixture.auditHash).problems
    }

    @Test("A store that nobody touched is sound")
    func sound() async throws {
        try await fill()
        #expect(try problems(after: []) == [])
    }

    @Test("One byte of an event is enough to be found")
    func flippedByte() async throws {
        try await fill()
        let found = try problems(after: [
            "UPDATE log SET event = CAST(replace(CAST(event AS TEXT), 'message 2', 'message 3') "
                + "AS BLOB) WHERE \"offset\" = 5"
        ])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("the content of entry ") == true)
    }

    @Test("An entry that was deleted is found")
    func deleted() async throws {
        try await fill()
        let found = try problems(after: ["DELETE FROM log WHERE \"offset\" = 5"])
        #expect(found.contains("entries 5 are missing"))
    }

    @Test("The last entries are missed too when they are deleted")
    func truncated() async throws {
        try await fill()
        let found = try problems(after: [
            "DELETE FROM log WHERE \"offset\" = (SELECT max(\"offset\") FROM log)"
        ])
        #expect(found.contains { $0.hasPrefix("entries ") && $0.hasSuffix(" are missing") })
    }

    @Test("A digest that was altered with its event is found, and entries that changed places")
    func altered() async throws {
        try await fill()
        let swap = [
            "UPDATE log SET \"offset\" = 1000 WHERE \"offset\" = 5",
            "UPDATE log SET \"offset\" = 5 WHERE \"offset\" = 6",
            "UPDATE log SET \"offset\" = 6 WHERE \"offset\" = 1000",
        ]
        let found = try problems(after: swap)
        let alterations = found.filter { $0.hasPrefix("digests or the order of the entries 1 to ") }
        #expect(alterations.count == 1)
        #expect(try problems(after: swap) == [], "and nothing is found when they are back")
        let zero = "UPDATE log SET digest = zeroblob(32) WHERE \"offset\" = 5"
        #expect(try problems(after: [zero]).count == 2)
    }

    @Test("An erased content is no finding")
    func erased() async throws {
        try await fill()
        let erasure = "UPDATE log SET event = x'', erased_at = 1 WHERE \"offset\" = 5"
        #expect(try problems(after: [erasure]) == [])
    }

    @Test("An older store is sound, and is brought into the chain when a desk opens it")
    func olderStore() async throws {
        try await fill()
        let older = [
            "UPDATE log SET digest = NULL, chain = NULL",
            "UPDATE meta SET chained = 0, chain = NULL",
            "DELETE FROM audit_checkpoint",
        ]
        #expect(try problems(after: older) == [])
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(1))
        let fixture = try DeskFixture(store: store)
        _ = await fixture.guest("Bo")
        await fixture.desk.stop()
        try store.read { reading throws(StoreError) in
            #expect(try reading.auditChain().offset == reading.position().head)
            #expect(try reading.auditEntries(after: 0, limit: 99).allSatisfy { $0.digest != nil })
        }
        try store.close()
        #expect(try problems(after: []) == [])
    }

    @Test("A completion that was interrupted goes on where it was and keeps the digests there are")
    func interrupted() async throws {
        try await fill()
        let half = [
            "UPDATE log SET digest = NULL WHERE \"offset\" > 4", "UPDATE log SET chain = NULL",
            "UPDATE meta SET chained = 0, chain = NULL",
            "UPDATE log SET event = x'00' WHERE \"offset\" = 2",
        ]
        _ = try problems(after: half)
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(1))
        let fixture = try DeskFixture(store: store)
        await fixture.desk.stop()
        try store.close()
        let told = ["the entry 2 of the log cannot be read", "the content of entry 2 was changed"]
        #expect(try problems(after: []) == told)
    }
}
