import DocketTestSupport
import Foundation
import GRDB
import Testing

@testable import DocketClient

@Suite("The file of a local store")
struct StoreFileTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("What was committed is there after the store was opened again")
    func reopened() async throws {
        let store = try fixture.open()
        try await store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1, length: 50_000)])
        try await store.commit([StoreFixture.queue(2), .maySend(2)])
        store.close()
        #expect(fixture.files == ["state.sqlite"])
        let again = try fixture.open()
        let content = try again.content()
        var second = StoreFixture.command(2).command
        second.mayBeSent = true
        #expect(content.owner == StoreFixture.guest)
        #expect(content.commands == [StoreFixture.command(1, length: 50_000).command, second])
        #expect(try again.call(of: 1) == StoreFixture.command(1, length: 50_000).call)
        #expect(again.salvage == nil)
    }

    @Test("What was committed lies in the file and its log: a kill loses nothing")
    func killed() async throws {
        let store = try fixture.open()
        try await store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        let killed = try StoreFixture()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.path + suffix,
                toPath: killed.path + suffix
            )
        }
        let again = try killed.open()
        #expect(try again.content().commands == [StoreFixture.command(1).command])
        #expect(try again.content().owner == StoreFixture.guest)
        // A file of which everything is still in the log is as sound as any other.
        #expect(again.salvage == nil)
        #expect(killed.files.filter { $0.contains("corrupt") } == [])
    }

    @Test("A commit is synchronized with the disk, and pages are read with checks")
    func settings() async throws {
        let store = try fixture.open()
        let expected = [
            "synchronous": "2", "journal_mode": "wal", "mmap_size": "0", "cell_size_check": "1",
            "journal_size_limit": "8388608", "wal_autocheckpoint": "1000",
        ]
        for (name, value) in expected {
            #expect(try store.setting(name) == value, "\(name)")
        }
    }

    @Test("The file and its log are their owner's alone")
    func permissions() async throws {
        let store = try fixture.open()
        try await store.commit([StoreFixture.queue(1)])
        for suffix in ["", "-wal", "-shm"] {
            #expect(try fixture.permissions(of: fixture.path + suffix) == 0o600, "\(suffix)")
        }
    }

    @Test("A file of a newer version is refused and left as it is")
    func newer() async throws {
        try await fixture.open().commit([StoreFixture.queue(1)])
        let database = try fixture.database()
        try await database.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('of a later year')")
            try database.execute(sql: "CREATE TABLE later(id INTEGER PRIMARY KEY)")
        }
        // The change is in the log, which is copied before a closing would write it back.
        let killed = try StoreFixture()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.path + suffix,
                toPath: killed.path + suffix
            )
        }
        let before = try [killed.path, killed.path + "-wal"].map {
            try Data(contentsOf: URL(filePath: $0))
        }
        #expect(before[1].count > 0)
        for _ in 0..<2 {
            #expect(throws: LocalStoreError.tooNew) { try killed.open() }
            let after = try [killed.path, killed.path + "-wal"].map {
                try Data(contentsOf: URL(filePath: $0))
            }
            #expect(after == before)
        }
        try database.close()
    }

    @Test("Another program's database is refused and left as it is")
    func foreign() throws {
        let database = try fixture.database()
        try database.write { try $0.execute(sql: "CREATE TABLE note(id INTEGER PRIMARY KEY)") }
        try database.close()
        let before = try fixture.bytes()
        #expect(throws: LocalStoreError.failed("the file is another program's")) {
            try fixture.open()
        }
        #expect(try fixture.bytes() == before)
    }

    @Test("A file whose making was broken off is made")
    func brokenOff() async throws {
        try fixture.write([])
        let database = try DatabasePool(path: fixture.path)
        try await database.write { database in
            try database.execute(
                sql: "CREATE TABLE grdb_migrations(identifier TEXT NOT NULL PRIMARY KEY)"
            )
        }
        try database.close()
        let store = try fixture.open()
        #expect(store.salvage == nil)
        try await store.commit([StoreFixture.queue(1)])
    }
}
