import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import DocketStoreSQLite
import GRDB
import Testing

@Suite("A store of the version before contacts counted what they see")
struct ContactViewMigrationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Takes the step of the schema back.
    private func makeOlder() throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try queue.write { database in
            try database.execute(
                sql: """
                    ALTER TABLE request DROP COLUMN contact_version;
                    ALTER TABLE request DROP COLUMN contact_changed_at;
                    DROP INDEX conversation_by_contact;
                    CREATE UNIQUE INDEX conversation_by_contact ON conversation(contact, channel);
                    DELETE FROM grdb_migrations WHERE identifier = 'contact_views';
                    """
            )
        }
        try queue.close()
    }

    @Test("Contacts go on from the version and the moment that they were shown last")
    func carriedOver() async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store)
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        _ = await fixture.ask(.take(request), as: bo)
        fixture.clock.advance(by: .seconds(60))
        let edit = Command.edit(EditRequest(request: request, edits: [.addTag("vip")]))
        #expect(await fixture.ask(edit, as: bo).acceptance != nil)
        let shown = try await fixture.desk.request(request)
        #expect(shown.versionForContact == shown.version - 1)
        #expect(shown.changedForContactAt < shown.changedAt)
        await fixture.desk.stop()
        try store.close()
        try makeOlder()

        let opened = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        #expect(try opened.check().isEmpty)
        let next = try DeskFixture(store: opened, seed: 2)
        let before = try await next.desk.request(request)
        #expect(before.versionForContact == before.version)
        #expect(before.changedForContactAt == before.changedAt)
        let another = Command.edit(EditRequest(request: request, edits: [.addTag("late")]))
        #expect(await next.ask(another, as: bo).acceptance != nil)
        let after = try await next.desk.request(request)
        #expect(after.version == before.version + 1)
        #expect(after.versionForContact == before.versionForContact)
        await next.desk.stop()
        try opened.close()
    }
}
