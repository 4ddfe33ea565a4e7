import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The search index of a store on disk")
struct SearchIndexTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func message(_ text: String) -> Data {
        var random = SeededGenerator(seed: 3)
        let message = Message(
            id: MessageID(at: now, random: &random),
            sequence: 1,
            text: text,
            authoredAt: nil
        )
        let event = Event(
            at: now,
            actor: .desk,
            conversation: ConversationID(at: now, random: &random),
            request: nil,
            fact: .messagePosted(message)
        )
        return event.encoded
    }

    /// A store as the version before the search left it, with these messages in its log.
    private func makeEarlierStore(saying texts: [String]) throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "2")
        try queue.write { database in
            try database.execute(sql: "INSERT INTO meta VALUES (1, 7, 0, 1)")
            try database.execute(
                sql: "INSERT INTO principal(id, kind, name, created_at) VALUES (x'01', 4, 'P', 1)"
            )
            try database.execute(
                sql: "INSERT INTO conversation(id, contact, channel, opened_at) "
                    + "VALUES (x'02', 1, 'chat', 1)"
            )
            for text in texts {
                try database.execute(
                    sql: "INSERT INTO log(conversation, audience, event) VALUES (1, 0, ?)",
                    arguments: [message(text)]
                )
            }
        }
        try queue.close()
    }

    private func checkIndex() throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try queue.write { database in
            try database.execute(
                sql: "INSERT INTO search_index(search_index) VALUES ('integrity-check')"
            )
        }
        try queue.close()
    }

    @Test("A store that was made before there was an index gets it from its log")
    func earlierStore() throws {
        try makeEarlierStore(saying: ["alpha", "beta alpha", "gamma"])
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let query = try SearchQuery("alpha")
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.followed(.search) == 0)
        }
        _ = try store.follow(.search, atMost: .max)
        let found = try store.read { reading throws(StoreError) in
            try reading.search(query, before: .max, limit: 9).map(\.offset)
        }
        #expect(found == [2, 1])
        #expect(try store.check().isEmpty)
        try store.close()
        try checkIndex()
    }

    @Test("An index from which texts were taken is sound, and has nothing of them left")
    func removal() throws {
        let texts = (0..<50).map {
            "common word\($0) Ünïque\($0) \(String(repeating: "x ", count: $0))"
        }
        try makeEarlierStore(saying: texts)
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        _ = try store.follow(.search, atMost: .max)
        try store.transact { transaction throws(StoreError) in
            for index in stride(from: 0, to: 50, by: 2) {
                try transaction.removeFromIndex(UInt64(index) + 1, text: texts[index])
            }
        }
        let queries = [
            try SearchQuery("common"), try SearchQuery("unique4"), try SearchQuery("un*"),
        ]
        let counts = try store.read { reading throws(StoreError) in
            var counts: [Int] = []
            for query in queries {
                counts.append(try reading.search(query, before: .max, limit: 99).count)
            }
            return counts
        }
        #expect(counts == [25, 0, 25])
        try store.close()
        try checkIndex()
    }
}
