import DeskSupport
import DocketDomain
import DocketStore
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The indexes of lists")
struct ListIndexTests {
    @Test("A message changes no column that an index of requests has")
    func messagesCostNothing() throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore(directory: directory.path, newEpoch: Epoch(1)).close()
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        let indexed = try queue.read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT c.name FROM pragma_index_list('request') i, pragma_index_info(i.name) c
                    """
            )
        }
        #expect(indexed.isSuperset(of: ["status", "category", "channel", "conversation"]))
        let assignments = Statements.updateTalk.text.split(separator: "WHERE")[0]
        let changed = assignments.split(separator: ",").compactMap { assignment in
            assignment.split(separator: "=").first?.split(whereSeparator: \.isWhitespace).last
        }
        #expect(changed.contains("version"))
        #expect(indexed.isDisjoint(with: changed.map(String.init)))
    }

    @Test("The requests of a store that was made before are found by their channel")
    func earlierStore() throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "search")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO meta VALUES (1, 7, 0, 2);
                    INSERT INTO principal("key", id, kind, name, created_at)
                    VALUES (1, x'0195f3a0000070008000000000000001', 1, 'Ada', 1);
                    INSERT INTO conversation("key", id, contact, channel, opened_at, newest)
                    VALUES (5, x'0195f3a0000070008000000000000002', 1, 'bridge', 1, 1);
                    INSERT INTO log(conversation, audience, event) VALUES (5, 0, x'');
                    INSERT INTO request(number, id, conversation, opened_at, status, category,
                        status_since, version, sequence, note_sequence, changed_at, description,
                        session_count)
                    VALUES (1, x'0195f3a0000070008000000000000003', 5, 1, 'new', 1, 1, 1, 0, 0, 1,
                        'd', 0);
                    """
            )
        }
        try queue.close()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let found = try store.read { reading throws(StoreError) in
            try reading.requests(RequestFilter(limit: 9, channel: "bridge")).requests.map(\.number)
        }
        #expect(found == [1])
        #expect(try store.check().isEmpty)
        try store.close()
    }
}
