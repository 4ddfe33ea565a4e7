import DeskSupport
import DocketDesk
import DocketDomain
import DocketMessages
import DocketStore
import DocketStoreSQLite
import Foundation
import Testing

@Suite("The audit of a desk", .timeLimit(.minutes(5)))
struct AuditTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func findings(in store: any Store) throws -> [AuditFinding] {
        var findings: [AuditFinding] = []
        try store.read { reading throws(StoreError) in
            try AuditVerifier.verify(reading, hash: DeskFixture.auditHash) { findings.append($0) }
        }
        return findings
    }

    /// What the log tells of administration.
    private func changes(_ fixture: DeskFixture) throws -> [AdministrativeChange] {
        try fixture.log().compactMap { item in
            guard case .administered(let change) = item.event.fact else { return nil }
            return change
        }
    }

    @Test("Everything that a desk writes is in the chain", arguments: StoreKind.allCases)
    func chain(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let fixture = try DeskFixture(store: store)
        var play = Play(fixture: fixture, policies: try PlayPolicies.all())
        await play.begin()
        await play.perform(PlayScript.steps(60, seed: 3))
        await fixture.desk.stop()
        try store.read { reading throws(StoreError) in
            #expect(try reading.auditChain().offset == reading.position().head)
        }
        #expect(try findings(in: store) == [])
    }

    @Test("A value of the chain is kept at every interval", arguments: StoreKind.allCases)
    func checkpoints(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        try write(5_000, to: store)
        let fixture = try DeskFixture(store: store)
        await fixture.desk.stop()
        try store.read { reading throws(StoreError) in
            let kept = try reading.auditCheckpoints(after: 0, through: .max)
            #expect(kept.map(\.offset) == [4_096])
            #expect(try reading.auditCheckpoints(after: 4_096, through: 5_000).isEmpty)
            #expect(try reading.auditEntries(after: 4_999, limit: 5).map(\.offset) == [5_000])
        }
        #expect(try findings(in: store) == [])
    }

    /// Writes entries that are in no chain, as an earlier version did.
    private func write(_ count: Int, to store: any Store) throws {
        try store.transact { transaction throws(StoreError) in
            for index in 0..<count {
                let event = Data("event \(index)".utf8)
                _ = try transaction.append(event, to: nil, audience: .staff)
            }
        }
    }

    @Test("Who was made and by whom is in the log, and no secret of theirs")
    func creations() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(1)))
        _ = await fixture.guest("Ana")
        let agent = await fixture.agent("bo", .supervisor)
        let integration = await fixture.integration("bridge-key")
        let found = try changes(fixture)
        #expect(found.map(\.action) == [.created, .created])
        // Nobody of the company made the guest, who is told of with its first conversation.
        try #require(found.map(\.name) == ["bo", "bridge-key"])
        #expect(agent.id.map { found[0].subject == .agent(AgentID($0)) } == true)
        #expect(integration.id.map { found[1].subject == .integration($0) } == true)
        #expect(
            found[0].fields == [
                FieldChange(field: "name", before: "", after: "bo"),
                FieldChange(field: "login", before: "", after: "bo"),
                FieldChange(field: "role", before: "", after: "supervisor"),
            ]
        )
        #expect(found[1].fields.map(\.field) == ["name", "channel", "key"])
        let actors = try fixture.log().map(\.event.actor)
        #expect(actors.map(\.kind) == [.desk, .desk])
        #expect(try fixture.log().allSatisfy { $0.entry.audience == .staff })
        for item in try fixture.log() {
            #expect(item.entry.event.range(of: Data("hash of".utf8)) == nil)
        }
    }

    @Test(
        "Revoked keys and ended sessions are in the log with who did it",
        arguments: StoreKind.allCases
    )
    func revocations(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let administrator = await fixture.agent("ad", .administrator)
        let integration = await fixture.integration("bridge")
        let holder = try #require(integration.id)
        let before = try fixture.log().count
        for change in [IdentityChange.revokeKeys(holder), .endSessions(holder)] {
            let reply = await fixture.ask(change, as: administrator, id: fixture.id())
            let offset = try #require(reply.acceptance?.offset)
            #expect(try fixture.log().last?.entry.offset == offset)
        }
        let events = try fixture.log().dropFirst(before)
        #expect(try changes(fixture).suffix(2).map(\.action) == [.keysRevoked, .sessionsEnded])
        #expect(events.allSatisfy { $0.event.actor == administrator.party })
        let refused = await fixture.ask(
            .revokeKeys(fixture.id()),
            as: administrator,
            id: fixture.id()
        )
        #expect(refused.rejection == .notFound)
        #expect(try fixture.log().count == before + 2)
    }

    @Test(
        "A change of a contact is in the log, before and after; none that changes nothing",
        arguments: StoreKind.allCases
    )
    func contacts(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let guest = await fixture.guest("Ana")
        let contact = try #require(guest.id.map { ContactID($0) })
        var edit = ContactEdit()
        try edit.set(name: "Anna")
        for _ in 0..<2 {
            let reply = await fixture.desk.submit(
                Submission(
                    key: nil,
                    principal: guest,
                    change: .directory(.contact(.update(contact, edit)))
                )
            )
            #expect(reply.acceptance != nil)
        }
        #expect(
            try changes(fixture) == [
                AdministrativeChange(
                    .contact(contact),
                    name: "Anna",
                    .changed,
                    fields: [FieldChange(field: "name", before: "Ana", after: "Anna")]
                )
            ]
        )
        #expect(try fixture.log().last?.event.way == .call)
    }
}
