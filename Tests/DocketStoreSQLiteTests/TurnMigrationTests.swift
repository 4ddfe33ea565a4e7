import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("A store from before it was kept since when contacts wait")
struct TurnMigrationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func turns(_ store: any Store) throws -> [Turn?] {
        try store.read { reading throws(StoreError) in
            try reading.requests(RequestFilter(limit: 9)).requests.map(\.turn)
        }
    }

    @Test("Requests that are still worked on learn from the log who wrote last and who waits")
    func carriedOver() async throws {
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store)
        let bo = await fixture.agent("Bo")
        for index in 0..<3 {
            let guest = await fixture.guest("G\(index)")
            let conversation = await fixture.conversation(of: guest)
            let request = try #require(
                await fixture.request(byPosting: "hello", in: conversation, as: guest)
            )
            fixture.clock.advance(by: .seconds(7))
            if index == 0 { continue }
            _ = await fixture.post("yes?", in: conversation, as: bo)
            guard index == 2 else { continue }
            let finish = Finish(request: request, status: "closed")
            #expect(await fixture.ask(.finish(finish), as: bo).acceptance != nil)
        }
        await fixture.desk.stop()
        let before = try turns(store)
        #expect(before.map { $0?.waitingSince != nil } == [true, false, false])
        try store.close()
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try await queue.write { database in
            try database.execute(
                sql: """
                    ALTER TABLE request DROP COLUMN last_author;
                    ALTER TABLE request DROP COLUMN waiting_since;
                    DELETE FROM grdb_migrations WHERE identifier = 'turns';
                    \(earlierLog)
                    """
            )
        }
        try queue.close()
        let opened = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        // Of the one that has ended nobody asks any more.
        #expect(try turns(opened) == [before[0], before[1], nil])
        #expect(try opened.check().isEmpty)
        try opened.close()
    }
}
