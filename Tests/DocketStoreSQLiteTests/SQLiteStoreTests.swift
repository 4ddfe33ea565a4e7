import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The SQLite store")
struct SQLiteStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open(maximumPages: Int? = nil) throws -> SQLiteStore {
        try SQLiteStore(
            directory: directory.path,
            newEpoch: Epoch(7),
            maximumPages: maximumPages
        )
    }

    private func file() throws -> DatabaseQueue {
        try DatabaseQueue(path: directory.path + "/docket.sqlite")
    }

    @Test("Two servers never share a store")
    func lock() throws {
        let first = try open()
        #expect(throws: StoreError.locked) { try open() }
        try first.close()
    }

    @Test("A store of a newer version is refused and left as it is")
    func superseded() throws {
        try open().close()
        let queue = try file()
        try queue.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')")
        }
        try queue.close()
        #expect(throws: StoreError.superseded) { try open() }
    }

    @Test("A file that is no database is refused")
    func garbage() throws {
        let path = directory.path + "/docket.sqlite"
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: StoreError.self) { try open() }
        guard case .corrupted = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("Another program's database is refused")
    func foreign() throws {
        try open().close()
        let queue = try file()
        try queue.write { try $0.execute(sql: "PRAGMA application_id = 1") }
        try queue.close()
        let error = try #require(throws: StoreError.self) { try open() }
        #expect(error == .unsafeSettings("application_id is 1"))
    }

    @Test("What was committed is there after the store was closed and opened again")
    func reopen() async throws {
        var fixture: DeskFixture? = try DeskFixture(store: open())
        let contact = await fixture?.guest("Ada")
        let ada = try #require(contact)
        let conversation = try #require(await fixture?.conversation(of: ada))
        let post = Command.post(
            Post(id: try #require(fixture?.id()), conversation: conversation, text: "hello")
        )
        let before = try #require(await fixture?.ask(post, as: ada).acceptance)
        await fixture?.desk.stop()
        try fixture?.store.close()
        fixture = nil
        let again = try DeskFixture(store: open())
        #expect(again.desk.position == LogPosition(epoch: Epoch(7), floor: 0, head: 3))
        let after = try #require(await again.ask(post, as: ada).acceptance)
        #expect(after.isRepetition)
        #expect(after.offset == before.offset)
        #expect(try again.log().count == 3)
        #expect(try again.store.check().isEmpty)
        await again.desk.stop()
    }

    @Test("A closed store lies in its file alone: a copy of that file has everything")
    func closed() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        for index in 0..<20 { _ = await fixture.post("\(index)", in: conversation, as: ada) }
        // A reader that stays open would keep the writer from being the last to close.
        let before = try fixture.log().map(\.entry)
        await fixture.desk.stop()
        try fixture.store.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(files.sorted() == ["docket.lock", "docket.sqlite"])
        let target = try TemporaryDirectory()
        try FileManager.default.copyItem(
            atPath: directory.path + "/docket.sqlite",
            toPath: target.path + "/docket.sqlite"
        )
        let copy = try SQLiteStore(directory: target.path, newEpoch: Epoch(8))
        let (position, log) = try copy.read { reading throws(StoreError) in
            (try reading.position(), try reading.entries(after: 0, limit: .max))
        }
        #expect(position.epoch == Epoch(7))
        #expect(log == before && log.count == 22)
        #expect(try copy.check().isEmpty)
        try copy.close()
    }

    @Test("A reader that is at work when the store closes ends its reading first")
    func closedWhileReading() async throws {
        let store = try open()
        let (heads, told) = AsyncStream<UInt64>.makeStream()
        let (isReading, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        DispatchQueue.global().async {
            let head = try? store.read { reading throws(StoreError) in
                isReading.signal()
                gate.wait()
                return try reading.position().head
            }
            if let head { told.yield(head) }
            told.finish()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                isReading.wait()
                continuation.resume()
            }
        }
        async let closing: Void = Task.detached { try store.close() }.value
        gate.signal()
        #expect(await heads.reduce(into: []) { $0.append($1) } == [0])
        try await closing
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/docket.sqlite-wal"))
        #expect(throws: StoreError.self) { try store.check() }
    }

    @Test("A store that cannot be written back when it closes is complete with its log")
    func closedWithoutCheckpoint() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        // Somebody who reads an old state keeps the log from being emptied.
        let other = try await longReading()
        _ = await fixture.post("kept", in: conversation, as: ada)
        await fixture.desk.stop()
        try fixture.store.close()
        let again = try open()
        let head = try again.read { reading throws(StoreError) in try reading.position().head }
        #expect(head == 3)
        try other.close()
        try again.close()
    }

    @Test("A write-ahead log that a long reading made grow is cut when it begins anew")
    func cutLog() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        await fixture.desk.stop()
        let entry = Data(repeating: 0x41, count: 16_000)
        func write(_ count: Int) throws {
            try fixture.store.transact { transaction throws(StoreError) in
                for _ in 0..<count {
                    _ = try transaction.append(entry, to: conversation, audience: .staff)
                }
            }
        }
        let other = try await longReading()
        for _ in 0..<24 { try write(100) }
        #expect(try logBytes() > 36_000_000)
        try other.close()
        // The first of them writes everything back, the second begins the log anew.
        for _ in 0..<2 { try write(1) }
        #expect(try logBytes() <= 32 << 20)
        try fixture.store.close()
    }

    /// Somebody else who reads the store as it is now, until closed.
    private func longReading() async throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(
            path: directory.path + "/docket.sqlite",
            configuration: configuration
        )
        try await other.writeWithoutTransaction { database in
            try database.beginTransaction(.deferred)
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM log")
        }
        return other
    }

    private func logBytes() throws -> Int {
        let path = directory.path + "/docket.sqlite-wal"
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    @Test("A full store refuses commands as transient, reads go on, and writing resumes by itself")
    func full() async throws {
        let store = try open(maximumPages: 90)
        let fixture = try DeskFixture(store: store)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let text = String(repeating: "x", count: TextLimits.messageBytes)
        var accepted = 0
        var refused: Unavailability?
        while refused == nil, accepted < 100 {
            let reply = await fixture.post(text, in: conversation, as: ada)
            if reply.acceptance != nil { accepted += 1 } else { refused = reply.unavailability }
        }
        #expect(refused == .diskFull)
        #expect(fixture.desk.condition == .readOnly(.full))
        let page = try await fixture.desk.history(
            of: conversation,
            for: ada,
            nil,
            limit: 200
        )
        #expect(page.entries.count == accepted + 2)
        let ended = IdentityChange.endSessions(try #require(ada.id))
        let taken = await fixture.ask(ended, as: .desk, id: fixture.id())
        #expect(taken.acceptance != nil, "access is taken away in the room kept back")
        #expect(await fixture.post(text, in: conversation, as: ada).unavailability == .diskFull)
        try store.limitPages(to: 10_000)
        #expect(await fixture.post(text, in: conversation, as: ada).acceptance != nil)
        #expect(fixture.desk.condition == .serving)
        #expect(fixture.fatalErrors.isEmpty)
        #expect(try store.check().isEmpty)
        await fixture.desk.stop()
    }

    @Test("The room kept back is a file that is gone only while it is used")
    func reserve() throws {
        let path = directory.path + "/docket.reserve"
        let store = try SQLiteStore(
            directory: directory.path,
            newEpoch: Epoch(7),
            reserveBytes: 1 << 20
        )
        func size() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        }
        #expect(try size() == 1 << 20)
        try store.transactOnReserve { transaction throws(StoreError) in
            #expect(!FileManager.default.fileExists(atPath: path))
            try transaction.setTimersBack(by: .seconds(1), at: Timestamp(milliseconds: 1))
        }
        #expect(try size() == 1 << 20)
        try store.close()
    }

    @Test("A lock that another process holds for long costs refusals and not the desk")
    func foreignLock() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(
            path: directory.path + "/docket.sqlite",
            configuration: configuration
        )
        try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        let refused = await fixture.post("one", in: conversation, as: ada).unavailability
        #expect(refused == .busy)
        try await other.writeWithoutTransaction { try $0.rollback() }
        #expect(await fixture.post("two", in: conversation, as: ada).acceptance != nil)
        #expect(fixture.fatalErrors.isEmpty)
        try other.close()
        await fixture.desk.stop()
    }

    @Test("A copy made while the desk goes on is sound and holds what was there when it ended")
    func backup() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let text = String(repeating: "x", count: 10_000)
        for _ in 0..<300 { _ = await fixture.post(text, in: conversation, as: ada) }
        let path = directory.path + "/copy"
        async let copying: Void = fixture.desk.backUp(to: path)
        for _ in 0..<50 { _ = await fixture.post(text, in: conversation, as: ada) }
        try await copying
        let head = fixture.desk.position.head
        await fixture.desk.stop()
        let target = try TemporaryDirectory()
        try SQLiteStore.restore(
            from: path,
            to: target.path,
            epoch: Epoch(8),
            at: fixture.clock.now()
        )
        let restored = try SQLiteStore(directory: target.path, newEpoch: Epoch(9))
        let position = try restored.read { reading throws(StoreError) in
            try reading.position()
        }
        #expect(position.epoch == Epoch(8))
        #expect(position.head >= 302 && position.head <= head)
        #expect(try restored.check().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    }

    @Test("A store that is to be replaced is whole without its log before the log goes")
    func settled() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        for number in 0..<20 { _ = await fixture.post("\(number)", in: conversation, as: ada) }
        let head = fixture.desk.position.head
        await fixture.desk.stop()
        // What a killed server leaves: the file and its log, which nobody has written back.
        let killed = try TemporaryDirectory()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: directory.path + "/docket.sqlite" + suffix,
                toPath: killed.path + "/docket.sqlite" + suffix
            )
        }
        SQLiteStore.settle(killed.path + "/docket.sqlite")
        try? FileManager.default.removeItem(atPath: killed.path + "/docket.sqlite-wal")
        let store = try SQLiteStore(directory: killed.path, newEpoch: Epoch(9))
        let position = try store.read { reading throws(StoreError) in try reading.position() }
        #expect(position.head == head)
        try store.close()
    }

    @Test("A damaged copy is not restored, and the store that is there stays")
    func damagedCopy() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        _ = await fixture.conversation(of: ada)
        let path = directory.path + "/copy"
        try await fixture.desk.backUp(to: path)
        await fixture.desk.stop()
        try fixture.store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for position in stride(from: 4_200, to: bytes.count, by: 512) {
            bytes[position] ^= 0xFF
        }
        let damaged = directory.path + "/damaged"
        try bytes.write(to: URL(fileURLWithPath: damaged))
        let target = try TemporaryDirectory()
        try SQLiteStore.restore(
            from: path,
            to: target.path,
            epoch: Epoch(8),
            at: fixture.clock.now()
        )
        #expect(throws: StoreError.self) {
            try SQLiteStore.restore(
                from: damaged,
                to: target.path,
                epoch: Epoch(9),
                at: fixture.clock.now()
            )
        }
        let kept = try SQLiteStore(directory: target.path, newEpoch: Epoch(1))
        let epoch = try kept.read { reading throws(StoreError) in
            try reading.position().epoch
        }
        #expect(epoch == Epoch(8))
    }

    @Test("A look at a store changes nothing, and says which step of the schema is due")
    func look() throws {
        try open().close()
        let queue = try file()
        let steps = try queue.write { database in
            let steps = try String.fetchAll(
                database,
                sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid"
            )
            try database.execute(
                sql: "DELETE FROM grdb_migrations WHERE identifier = ?",
                arguments: [steps.last]
            )
            return steps
        }
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try queue.close()
        let path = directory.path + "/docket.sqlite"
        let before = try Data(contentsOf: URL(filePath: path))
        let found = try SQLiteStore.look(at: directory.path)
        #expect(found.dueMigrations == steps.suffix(1))
        #expect(found.problems == [])
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test("A look reads what only the log of a killed server holds")
    func lookBehindKill() async throws {
        #expect(throws: StoreError.self) { try SQLiteStore.look(at: directory.path) }
        let fixture = try DeskFixture(store: open())
        #expect(throws: StoreError.locked) { try SQLiteStore.look(at: directory.path) }
        _ = await fixture.conversation(of: await fixture.guest("Ada"))
        await fixture.desk.stop()
        let killed = try TemporaryDirectory()
        for name in ["docket.sqlite", "docket.sqlite-wal"] {
            try FileManager.default.copyItem(
                atPath: "\(directory.path)/\(name)",
                toPath: "\(killed.path)/\(name)"
            )
        }
        let found = try SQLiteStore.look(at: killed.path)
        #expect(found == SQLiteStoreCheck(problems: [], dueMigrations: []))
    }

    @Test("Of a store without its oldest entries a feed begins at the floor, and not below it")
    func floor() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        for _ in 0..<5 { _ = await fixture.post("hello", in: conversation, as: ada) }
        let bo = await fixture.agent("Bo")
        let entries = try fixture.log().map(\.entry)
        await fixture.desk.stop()
        try fixture.store.close()
        let queue = try file()
        try await queue.write { database in
            try database.execute(sql: "UPDATE meta SET floor = 3")
            try database.execute(sql: "DELETE FROM log WHERE \"offset\" <= 3")
        }
        try queue.close()

        let again = try DeskFixture(store: open(), seed: 2)
        let desk = again.desk
        #expect(desk.position == LogPosition(epoch: Epoch(7), floor: 3, head: 8))
        let cursor = { FeedCursor(epoch: Epoch(7), offset: $0) }
        #expect(throws: ResyncReason.belowFloor) {
            try desk.subscribe(as: bo, from: .after(cursor(2)), on: again.hub)
        }
        for start in [FeedStart.after(cursor(3)), .beginning] {
            var feed = try desk.subscribe(as: bo, from: start, on: again.hub)
            let page = try await feed.next(limit: 20)
            let events = page.entries.filter { $0.content != .started && $0.content != .caughtUp }
            #expect(events.first?.previous == 3)
            #expect(events.map(\.content) == entries.dropFirst(3).map { .event($0.event) })
        }
        #expect(try again.store.check().isEmpty)
        #expect(await again.post("more", in: conversation, as: ada).acceptance?.offset == 9)
        await desk.stop()
        try again.store.close()
    }

    @Test("A check names what is wrong")
    func check() async throws {
        let fixture = try DeskFixture(store: open())
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        for _ in 0..<5 { _ = await fixture.post("hello", in: conversation, as: ada) }
        await fixture.desk.stop()
        try fixture.store.close()
        let queue = try file()
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "DELETE FROM log WHERE \"offset\" = 3")
        }
        try queue.close()
        let found = try SQLiteStore.look(at: directory.path)
        #expect(found.problems == ["offsets of the log are missing"])
        let store = try open()
        #expect(try store.check() == ["offsets of the log are missing"])
    }
}
