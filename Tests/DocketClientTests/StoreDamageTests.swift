import DocketMessages
import DocketTestSupport
import Foundation
import GRDB
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("A damaged local store is set aside, and what can be read of it goes on")
struct StoreDamageTests {
    private static let pageSize = 4_096
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// Makes a store with an owner and commands, and closes it; gives what it holds.
    private func fill(_ lengths: [Int]) async throws -> LocalContent {
        let store = try fixture.open()
        let commands = lengths.enumerated().map { index, length in
            StoreFixture.queue(UInt64(index + 1), length: length)
        }
        try await store.commit([.owner(StoreFixture.guest)] + commands)
        let content = try store.content()
        store.close()
        return content
    }

    /// The page, from 0, on which each of some calls begins or goes on.
    private func pages(of lengths: [Int], in bytes: [UInt8]) -> [Set<Int>] {
        lengths.enumerated().map { index, length in
            let call = StoreFixture.command(UInt64(index + 1), length: length).call
            var pages: Set<Int> = []
            for start in stride(from: 0, to: call.count - 15, by: 1_000) {
                let piece = call[start..<(start + 16)]
                if let place = bytes.firstRange(of: piece) {
                    pages.insert(place.lowerBound / Self.pageSize)
                }
            }
            return pages
        }
    }

    /// Where each row of the sound file lies, and the pages by which rows are found.
    private func layout() throws -> (rows: [UInt64: Set<Int>], paths: Set<Int>) {
        let database = try fixture.database()
        defer { try? database.close() }
        return try database.read { database in
            let pages = try Row.fetchAll(
                database,
                sql: """
                    SELECT path, pageno - 1 AS page, pagetype, ncell FROM dbstat
                    WHERE name = 'outbox' ORDER BY path
                    """
            )
            let positions = try UInt64.fetchAll(
                database,
                sql: "SELECT position FROM outbox ORDER BY position"
            )
            var (rows, paths, rest): ([UInt64: Set<Int>], Set<Int>, _) = ([:], [], positions[...])
            var leaf: (path: String, positions: [UInt64]) = ("", [])
            for row in pages {
                let (path, page): (String, Int) = (row["path"], row["page"])
                switch row["pagetype"] as String {
                case "leaf":
                    leaf = (path, Array(rest.prefix(row["ncell"])))
                    rest = rest.dropFirst(leaf.positions.count)
                    for position in leaf.positions { rows[position, default: []].insert(page) }
                case "overflow":
                    let cell = path.dropFirst(leaf.path.count).prefix { $0 != "+" }
                    let position = leaf.positions[try #require(Int(cell, radix: 16))]
                    rows[position, default: []].insert(page)
                default: paths.insert(page)
                }
            }
            return (rows, paths)
        }
    }

    /// Opens a damaged file and compares what it holds with what was committed; gives the positions
    /// of the commands.
    private func survivors(
        of content: LocalContent,
        _ lengths: [Int],
        _ comment: Comment? = nil
    ) throws -> [UInt64] {
        let store = try fixture.open()
        let kept = try store.content()
        #expect(kept.owner == nil || kept.owner == content.owner, comment)
        let positions = kept.commands.map(\.position)
        #expect(positions == positions.sorted(), comment)
        for command in kept.commands {
            #expect(content.commands.contains(command), comment)
            let length = lengths[Int(command.position) - 1]
            let expected = StoreFixture.command(command.position, length: length).call
            #expect(try store.call(of: command.position) == expected, comment)
        }
        if let salvage = store.salvage {
            #expect(salvage.commands == positions.count, comment)
            #expect(FileManager.default.fileExists(atPath: salvage.setAside), comment)
            let isWhole = kept.owner == content.owner && kept.commands == content.commands
            #expect(!salvage.isComplete || isWhole, comment)
        }
        store.close()
        #expect(
            fixture.files.allSatisfy {
                $0 == "state.sqlite" || $0.hasPrefix("state.sqlite.corrupt-")
            },
            comment
        )
        return positions
    }

    @Test("A file that is no database is kept under another name, and an empty one made")
    func garbage() async throws {
        let garbage = [UInt8](repeating: 0x41, count: 8_192)
        try fixture.write(garbage)
        try Data([1, 2, 3]).write(to: URL(filePath: fixture.path + "-wal"))
        let store = try fixture.open(at: 1_741)
        let aside = fixture.path + ".corrupt-1741"
        #expect(
            store.salvage == LocalSalvage(setAside: aside, commands: 0, isComplete: false)
        )
        #expect(try Data(contentsOf: URL(filePath: aside)) == Data(garbage))
        #expect(try fixture.permissions(of: fixture.path) == 0o600)
        try await store.commit([StoreFixture.queue(1)])
        store.close()
        #expect(try fixture.open().salvage == nil)
        // Two in one millisecond have two names.
        try fixture.write(garbage)
        #expect(try fixture.open(at: 1_741).salvage?.setAside == fixture.path + ".corrupt-1742")
        #expect(
            Profile.damagedFiles(in: fixture.folder) == [aside, fixture.path + ".corrupt-1742"]
        )
    }

    @Test("Rows on both sides of a damaged page survive, with whose they are")
    func middle() async throws {
        let lengths = Array(repeating: 1_500, count: 60)
        let content = try await fill(lengths)
        var bytes = try fixture.bytes()
        let pages = pages(of: lengths, in: bytes)
        let hit = try #require(pages[29].first)
        let start = hit * Self.pageSize
        bytes.replaceSubrange(
            start..<(start + Self.pageSize),
            with: Array(repeating: 0xA5, count: Self.pageSize)
        )
        try fixture.write(bytes)
        let kept = try survivors(of: content, lengths)
        let expected = (1...60).filter { !pages[$0 - 1].contains(hit) }.map(UInt64.init)
        #expect(expected.count >= 56 && kept == expected)
        #expect(try fixture.open().content().owner == StoreFixture.guest)
    }

    @Test("A command whose long call is damaged is lost alone")
    func longCall() async throws {
        let lengths = [100, 30_000, 100, 30_000]
        let content = try await fill(lengths)
        var bytes = try fixture.bytes()
        let call = StoreFixture.command(2, length: 30_000).call
        let place = try #require(bytes.firstRange(of: call[15_000..<15_016])?.lowerBound)
        bytes[place] ^= 1
        try fixture.write(bytes)
        #expect(try survivors(of: content, lengths) == [1, 3, 4])
    }

    @Test("A file without its first page gives up everything else")
    func firstPage() async throws {
        let lengths = [100, 9_000, 100]
        let content = try await fill(lengths)
        var bytes = try fixture.bytes()
        bytes.replaceSubrange(0..<Self.pageSize, with: Array(repeating: 0, count: Self.pageSize))
        try fixture.write(bytes)
        let store = try fixture.open()
        #expect(store.salvage?.isComplete == true)
        #expect(try store.content().commands == content.commands)
        #expect(try store.content().owner == content.owner)
    }

    @Test("What only the log holds survives the loss of the file itself")
    func lostFile() async throws {
        let store = try fixture.open()
        try await store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        let killed = try StoreFixture()
        try FileManager.default.copyItem(
            atPath: fixture.path + "-wal",
            toPath: killed.path + "-wal"
        )
        try killed.write([])
        let again = try killed.open()
        #expect(again.salvage?.commands == 1)
        #expect(try again.content().commands == [StoreFixture.command(1).command])
        #expect(try again.content().owner == StoreFixture.guest)
        #expect(killed.files.contains("state.sqlite.corrupt-1000-wal"))
    }

    @Test("Damage that a running store meets is reported, and repaired by the next opening")
    func running() async throws {
        let lengths = [100, 30_000, 100]
        let content = try await fill(lengths)
        let store = try fixture.open()
        var bytes = try fixture.bytes()
        let call = StoreFixture.command(2, length: 30_000).call
        let place = try #require(bytes.firstRange(of: call[15_000..<15_016])?.lowerBound)
        bytes[place] ^= 1
        let handle = try FileHandle(forWritingTo: URL(filePath: fixture.path))
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [bytes[place]])
        try handle.close()
        let error = try #require(throws: LocalStoreError.self) { try store.call(of: 2) }
        #expect(error.isDamage)
        store.close()
        #expect(try survivors(of: content, lengths) == [1, 3])
    }

    @Test("A salvage is told of again until the store was closed in order")
    func report() async throws {
        _ = try await fill([100])
        var bytes = try fixture.bytes()
        bytes[20] = 9
        try fixture.write(bytes)
        let store = try fixture.open()
        let report = try #require(store.salvage)
        #expect(report.commands == 1 && report.isComplete)
        let killed = try StoreFixture()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.path + suffix,
                toPath: killed.path + suffix
            )
        }
        let again = try killed.open()
        #expect(again.salvage?.commands == 1 && again.salvage?.isComplete == true)
        #expect(again.salvage?.setAside == killed.path + ".corrupt-1000")
        again.close()
        #expect(try killed.open().salvage == nil)
    }

    @Test("A salvage that a crash breaks off anywhere loses nothing")
    func brokenOff() async throws {
        let content = try await fill([100, 9_000, 100])
        var bytes = try fixture.bytes()
        bytes[20] = 9
        try fixture.write(bytes)
        let moment = Timestamp(millisecondsSinceEpoch: 1_000)
        _ = try LocalRescue(path: fixture.path, moment: moment).salvage()
        #expect(fixture.files.contains("state.sqlite.salvaged"))
        let moves = [
            "while the new file is made": ("state.sqlite.salvaged", "state.sqlite.salvaging"),
            "before anything is renamed": ("state.sqlite", "state.sqlite"),
            "when the file was set aside": ("state.sqlite", "state.sqlite.corrupt-1000"),
        ]
        for (name, move) in moves {
            let crashed = try StoreFixture()
            for file in fixture.files {
                try FileManager.default.copyItem(
                    atPath: fixture.folder + "/" + file,
                    toPath: crashed.folder + "/" + file
                )
            }
            // The log goes with the file that it belongs to, whenever that is.
            try Data([1]).write(to: URL(filePath: crashed.path + "-wal"))
            if move.0 != move.1 {
                try FileManager.default.moveItem(
                    atPath: crashed.folder + "/" + move.0,
                    toPath: crashed.folder + "/" + move.1
                )
            }
            let store = try crashed.open()
            #expect(try store.content().commands == content.commands, "\(name)")
            #expect(try store.content().owner == content.owner, "\(name)")
            #expect(store.salvage?.commands == 3, "\(name)")
            #expect(crashed.files.contains("state.sqlite.corrupt-1000"), "\(name)")
            store.close()
            #expect(crashed.files.allSatisfy { !$0.contains("salvag") }, "\(name)")
        }
    }

    @Test("The files of the commands that are saved are saved with them")
    func files() async throws {
        let lengths = [100, 9_000]
        _ = try await fill(lengths)
        var store = try fixture.open()
        let files = (UInt64(1)...2).map(StoreFixture.file)
        try await store.commit(files.map(LocalChange.queueFile))
        store.close()
        var bytes = try fixture.bytes()
        let pages = pages(of: lengths, in: bytes)
        for page in pages[1].subtracting(pages[0]) {
            let start = page * Self.pageSize
            let length = Self.pageSize
            bytes.replaceSubrange(
                start..<start + length,
                with: [UInt8](repeating: 0, count: length)
            )
        }
        try fixture.write(bytes)
        store = try fixture.open()
        #expect(store.salvage?.isComplete == false)
        #expect(try store.content().commands.map(\.position) == [1])
        #expect(try store.content().files == [files[0]])
        store.close()
    }

    @Test("Damage to what the server would say again is found in use, and costs no command")
    func damagedCache() async throws {
        let content = try await fill([100])
        let conversation = ConversationID()
        let events = (UInt64(1)...200).map { offset in
            let event = Docket_V1_Event.with {
                $0.conversationID = Data(conversation.bytes)
                $0.messagePosted.text = String(repeating: "x", count: 500)
            }
            return ReplicaEvent(event, at: offset)
        }
        let cursor = Cursor(epoch: [UInt8](repeating: 1, count: 8), offset: 0)
        let snapshot = Docket_V1_SnapshotReply.with {
            $0.asOf = cursor.message
            $0.conversations = [.with { $0.id = Data(conversation.bytes) }]
        }
        var store = try fixture.open()
        try await store.commit([
            .replica(.snapshot(snapshot)),
            .replica(.feed(events, Cursor(epoch: cursor.epoch, offset: 200))),
        ])
        store.close()
        var bytes = try fixture.bytes()
        for start in bytes.indices where bytes[start...].starts(with: Array("xxxxxxxx".utf8)) {
            let page = start / Self.pageSize * Self.pageSize
            bytes.replaceSubrange(page..<page + 8, with: [UInt8](repeating: 0xFF, count: 8))
        }
        try fixture.write(bytes)
        store = try fixture.open()
        #expect(store.salvage == nil)
        #expect(try store.content().commands == content.commands)
        let id = Data(conversation.bytes)
        #expect(throws: LocalStoreError.self) {
            try store.read { try $0.events(of: id, below: nil, limit: 200) }
        }
        store.close()
        store = try fixture.open()
        #expect(store.salvage?.isComplete == true)
        #expect(try store.content().commands == content.commands)
        #expect(try store.content().cursor == nil)
        store.close()
        #expect(try fixture.open().salvage == nil)
    }

    @Test("A file cut anywhere opens, and holds nothing that was not committed")
    func cut() async throws {
        var random = SeededRandom()
        for _ in 0..<SeededRandom.rounds(12) {
            let fresh = try StoreDamageTests()
            let lengths = fresh.lengths(&random)
            let content = try await fresh.fill(lengths)
            let bytes = try fresh.fixture.bytes()
            let end = Int.random(in: 0..<bytes.count, using: &random)
            try fresh.fixture.write(Array(bytes[..<end]))
            _ = try fresh.survivors(of: content, lengths, "\(random.replay)")
        }
    }

    private func lengths(_ random: inout SeededRandom) -> [Int] {
        (0..<Int.random(in: 0...80, using: &random)).map { _ in
            Int.random(in: 0...(Bool.random(using: &random) ? 200 : 9_000), using: &random)
        }
    }

    @Test("A file with any bytes written over opens, and what lies on other pages survives")
    func overwritten() async throws {
        var random = SeededRandom()
        for _ in 0..<SeededRandom.rounds(25) {
            let fresh = try StoreDamageTests()
            let lengths = fresh.lengths(&random)
            let content = try await fresh.fill(lengths)
            let (rows, paths) = try fresh.layout()
            var bytes = try fresh.fixture.bytes()
            var damaged: Set<Int> = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let size = Bool.random(using: &random) ? 1 : Self.pageSize
                let end = min(start + Int.random(in: 1...size, using: &random), bytes.count)
                bytes.replaceSubrange(start..<end, with: random.bytes(count: end - start))
                damaged.formUnion(start / Self.pageSize...(end - 1) / Self.pageSize)
            }
            try fresh.fixture.write(bytes)
            let kept = try fresh.survivors(of: content, lengths, "\(random.replay)")
            guard damaged.isDisjoint(with: paths) else { continue }
            let expected = rows.filter { damaged.isDisjoint(with: $0.value) }.keys
            #expect(Set(kept).isSuperset(of: expected), "\(random.replay)")
        }
    }

    @Test("A log with any bytes written over opens, and holds a prefix of what was committed")
    func log() async throws {
        var random = SeededRandom()
        for _ in 0..<SeededRandom.rounds(12) {
            let fresh = try StoreDamageTests()
            let store = try fresh.fixture.open()
            let count = UInt64.random(in: 1...30, using: &random)
            for position in 1...count { try await store.commit([StoreFixture.queue(position)]) }
            let killed = try StoreFixture()
            let wal = try Data(contentsOf: URL(filePath: fresh.fixture.path + "-wal"))
            try killed.write(fresh.fixture.bytes())
            try Data(random.damaged(Array(wal))).write(to: URL(filePath: killed.path + "-wal"))
            let again = try killed.open()
            let kept = try again.content().commands
            let expected = (0..<UInt64(kept.count)).map { StoreFixture.command($0 + 1).command }
            #expect(kept == expected, "\(random.replay)")
        }
    }
}
