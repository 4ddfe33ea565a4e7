import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import DocketStoreSQLite
import GRDB
import Testing

@Suite("A store of the version before moved messages had places")
struct MovesMigrationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Where requests began and moved messages stand, as the store has it.
    private func places() throws -> [String] {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        defer { try? queue.close() }
        return try queue.read { database in
            let openings = try Row.fetchAll(
                database,
                sql: "SELECT number, opening FROM request ORDER BY number"
            )
            let moved = try Row.fetchAll(
                database,
                sql: "SELECT * FROM moved_message ORDER BY \"offset\""
            )
            return (openings + moved).map { "\($0)" }
        }
    }

    /// Takes the step of the schema back; those behind it concern other tables.
    private func makeOlder() throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try queue.write { database in
            try database.execute(
                sql: """
                    DROP TABLE moved_message;
                    ALTER TABLE request DROP COLUMN opening;
                    DELETE FROM grdb_migrations WHERE identifier = 'moves';
                    \(earlierLog)
                    """
            )
        }
        try queue.close()
    }

    /// Two chats on one conversation, more than a page of the log long, with messages that were
    /// moved apart, and some of them back.
    private func fill(_ fixture: DeskFixture) async throws -> [RequestID] {
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo", .supervisor)
        let conversation = await fixture.conversation(of: ada)
        let first = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        _ = await fixture.ask(.take(first), as: bo)
        await withTaskGroup { group in
            for index in 0..<1_100 {
                group.addTask { _ = await fixture.post("\(index)", in: conversation, as: ada) }
            }
        }
        var ids: [MessageID] = []
        for place in [0, 200, 900] as [UInt64] {
            let page = try await fixture.desk.messages(of: first, after: place, limit: 2)
            ids += page.messages.map(\.message.id)
        }
        let split = SplitMessages(request: first, messages: ids)
        #expect(await fixture.ask(.splitMessages(split), as: bo).acceptance != nil)
        let second = try await fixture.desk.request(number: 2).id
        let next = SplitMessages(request: second, messages: [ids[0], ids[5]])
        #expect(await fixture.ask(.splitMessages(next), as: bo).acceptance != nil)
        let third = try await fixture.desk.request(number: 3).id
        let merge = MergeRequests(request: third, other: second)
        #expect(await fixture.ask(.merge(merge), as: bo).acceptance != nil)
        return [first, second, third]
    }

    @Test("It learns from its log what a store of today has kept from the beginning")
    func carriedOver() async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store)
        let requests = try await fill(fixture)
        var counts: [Int] = []
        for request in requests {
            let all = try store.read { reading throws(StoreError) in
                let found = try reading.situation(ofRequest: request).request
                return try found.flatMap { request throws(StoreError) in
                    try reading.messages(of: request, lookingAt: .max)
                }
            }
            counts.append(all?.count ?? -1)
        }
        #expect(counts == [1_095, 6, 0])
        await fixture.desk.stop()
        try store.close()
        let before = try places()
        #expect(before.count == 3 + 6)
        try makeOlder()
        let look = try SQLiteStore.look(at: directory.path)
        #expect(look.problems.isEmpty && look.dueMigrations.first == "moves")
        let opened = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        #expect(try opened.check().isEmpty)
        try opened.close()
        #expect(try places() == before)
    }

    @Test(
        "A check finds moved messages that contradict the requests",
        arguments: [
            "INSERT INTO moved_message VALUES (999999, 1, 1)",
            "UPDATE moved_message SET sequence = 1",
            "UPDATE moved_message SET sequence = sequence + 9999",
        ]
    )
    func contradictions(sql: String) async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store)
        _ = try await fill(fixture)
        await fixture.desk.stop()
        #expect(try store.check().isEmpty)
        try store.close()
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try await queue.write { database in try database.execute(sql: sql) }
        try queue.close()
        #expect(try SQLiteStore.look(at: directory.path).problems.count == 1)
    }
}
