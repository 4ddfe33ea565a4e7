import DocketTestSupport
import GRDB
import Testing

@testable import DocketClient

@Suite("A local store keeps the furthest read mark of each conversation")
struct ReadMarkStoreTests {
    private let fixture: StoreFixture
    private let life = [UInt8](repeating: 7, count: 8)

    init() throws { fixture = try StoreFixture() }

    private func mark(
        _ position: UInt64,
        in chat: UInt8 = 1,
        of epoch: [UInt8]? = nil
    ) throws
        -> ReadMark
    {
        let id = try #require(ConversationID(bytes: [UInt8](repeating: chat, count: 16)))
        return ReadMark(conversation: id, position: position, epoch: epoch ?? life)
    }

    @Test("The furthest of several is kept, whatever comes last", arguments: StoreKind.allCases)
    func furthest(_ kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        for position: UInt64 in [3, 9, 5] {
            try await store.commit([.mark(try mark(position)), .mark(try mark(4, in: 2))])
        }
        #expect(try store.content().marks == [try mark(9), try mark(4, in: 2)])
        try await store.commit([.forgetMark(try mark(5))])
        #expect(try store.content().marks == [try mark(9), try mark(4, in: 2)])
        try await store.commit([.forgetMark(try mark(9))])
        #expect(try store.content().marks == [try mark(4, in: 2)])
        store.close()
    }

    @Test("A mark of another life takes the place of the one before")
    func lives() async throws {
        let store = try fixture.open()
        let other = [UInt8](repeating: 8, count: 8)
        try await store.commit([.mark(try mark(9))])
        try await store.commit([.mark(try mark(2, of: other))])
        try await store.commit([.forgetMark(try mark(9))])
        store.close()
        let again = try fixture.open()
        #expect(try again.content().marks == [try mark(2, of: other)])
        again.close()
    }

    @Test("Marks are saved of a damaged file, and a damaged mark is left behind")
    func salvage() async throws {
        let store = try fixture.open()
        let marks = try (1...4).map { try mark(UInt64($0), in: $0) }
        try await store.commit([.owner(StoreFixture.guest)] + marks.map(LocalChange.mark))
        store.close()
        let database = try fixture.database()
        try await database.write { database in
            try database.execute(sql: "UPDATE read_mark SET position = 900 WHERE position = 2")
        }
        try database.close()
        let again = try fixture.open()
        #expect(again.salvage?.isComplete == false)
        #expect(try again.content().marks.map(\.position) == [1, 3, 4])
        again.close()
    }

    @Test(
        "A file of an earlier version becomes one of this version, and loses no command",
        arguments: ["outbox", "replica", "pages of snapshots", "uploads"]
    )
    func earlier(_ version: String) async throws {
        let database = try DatabaseQueue(path: fixture.path)
        try await database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try LocalSchema.migrator.migrate(database, upTo: version)
        let (command, call) = StoreFixture.command(1, length: 10)
        try await database.write { database in
            let tables = LocalTables(database)
            try tables.apply(.owner(StoreFixture.guest))
            try tables.apply(.queue(command, call: call))
        }
        try database.close()
        let store = try fixture.open()
        #expect(store.salvage == nil)
        #expect(try store.content().commands == [command])
        #expect(try store.content().owner == StoreFixture.guest)
        try await store.commit([.mark(try mark(3))])
        #expect(try store.content().marks == [try mark(3)])
        store.close()
    }
}
