import DocketTestSupport
import Foundation
import Testing

@testable import DocketClient

@Suite("A local store keeps what a client wants, in memory and in a file alike")
struct LocalStoreTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("A new store is empty", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let content = try fixture.open(kind).content()
        #expect(content.owner == nil && content.commands.isEmpty)
    }

    @Test(
        "Commands come back as they were queued, in the order of their positions",
        arguments: StoreKind.allCases
    )
    func queued(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        for position: UInt64 in [3, 1, 7] {
            try await store.commit([StoreFixture.queue(position, length: Int(position) * 3_000)])
        }
        let expected = [1, 3, 7].map { StoreFixture.command($0, length: Int($0) * 3_000) }
        #expect(try store.content().commands == expected.map(\.command))
        for (command, call) in expected {
            #expect(try store.call(of: command.position) == call)
        }
    }

    @Test("A call may be empty, and its lane any text", arguments: StoreKind.allCases)
    func odd(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        var (command, call) = StoreFixture.command(1, length: 0, lane: "a\0b\u{301}\n\u{1F600}")
        command.queuedAt = Timestamp(millisecondsSinceEpoch: .max)
        try await store.commit([.queue(command, call: call)])
        let kept = try #require(try store.content().commands.first)
        #expect(kept == command && Array(kept.lane.name.utf8) == Array(command.lane.name.utf8))
        #expect(try store.call(of: 1) == [])
    }

    @Test("A command is sent, stopped, and tried again as it is", arguments: StoreKind.allCases)
    func stopped(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        var (command, call) = StoreFixture.command(1)
        let refusal = Refusal(reason: "too_long", message: "nul \0 byte", particulars: "")
        try await store.commit([.queue(command, call: call), .maySend(1)])
        command.mayBeSent = true
        #expect(try store.content().commands == [command])
        for stop in [QueuedCommand.Stop.refused(refusal), .expired] {
            try await store.commit([.stop(1, stop)])
            command.stop = stop
            #expect(try store.content().commands == [command])
        }
        command.stop = nil
        command.queuedAt = Timestamp(millisecondsSinceEpoch: 5)
        try await store.commit([.renew(command, call: nil)])
        #expect(try store.content().commands == [command])
        #expect(try store.call(of: 1) == call)
    }

    @Test(
        "A command is tried again as another, at the same position",
        arguments: StoreKind.allCases
    )
    func renewed(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        try await store.commit([StoreFixture.queue(1), StoreFixture.queue(2)])
        var (command, call) = StoreFixture.command(1, length: 9_000)
        command.id = StoreFixture.id(77)
        try await store.commit([.renew(command, call: call)])
        #expect(try store.content().commands == [command, StoreFixture.command(2).command])
        #expect(try store.call(of: 1) == call)
    }

    @Test(
        "A command that is done with is gone, and may be removed again",
        arguments: StoreKind.allCases
    )
    func removed(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        try await store.commit([StoreFixture.queue(1), StoreFixture.queue(2)])
        try await store.commit([.remove(1), .remove(1), .remove(.max)])
        #expect(try store.content().commands.map(\.position) == [2])
        #expect(throws: LocalStoreError.self) { try store.call(of: 1) }
        try await store.commit([StoreFixture.queue(1)])
        #expect(try store.content().commands.map(\.position) == [1, 2])
    }

    @Test("The owner is the last one that was named", arguments: StoreKind.allCases)
    func owner(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        let secret = Array(repeating: UInt8(9), count: GuestKey.secretLength)
        let owners = [
            StoreFixture.guest,
            LocalOwner(id: StoreFixture.id(5), guest: .init(secret: secret, newName: nil)),
            LocalOwner(id: StoreFixture.id(6), guest: nil),
        ]
        for owner in owners {
            try await store.commit([.owner(owner)])
            #expect(try store.content().owner == owner)
        }
    }

    @Test(
        "The changes of a commit take effect together or not at all",
        arguments: StoreKind.allCases
    )
    func together(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        try await store.commit([StoreFixture.queue(1)])
        let (_, other) = StoreFixture.command(8)
        let impossible: [LocalChange] = [
            StoreFixture.queue(2), .maySend(5), .stop(5, .expired),
            .renew(StoreFixture.command(5).command, call: nil),
            .renew(StoreFixture.command(5).command, call: StoreFixture.command(5).call),
            .queue(StoreFixture.command(0).command, call: StoreFixture.command(0).call),
            .queue(
                StoreFixture.command(.max).command,
                call: StoreFixture.command(.max).call
            ),
            .queue(StoreFixture.command(6).command, call: other),
        ]
        for change in impossible {
            guard case .failed = await failure(store, [StoreFixture.queue(2), .remove(1), change])
            else {
                Issue.record("\(change) was carried out")
                continue
            }
        }
        #expect(try store.content().commands.map(\.position) == [1])
        try await store.commit([])
        try await store.commit([StoreFixture.queue(2)])
        #expect(try store.content().commands.map(\.position) == [1, 2])
    }

    @Test("No two commands have one id", arguments: StoreKind.allCases)
    func unique(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        try await store.commit([StoreFixture.queue(1)])
        var (command, call) = StoreFixture.command(2)
        command.id = StoreFixture.id(1)
        #expect(await failure(store, [.queue(command, call: call)]) != nil)
    }

    @Test("A closed store says so, however often it is closed", arguments: StoreKind.allCases)
    func closed(kind: StoreKind) async throws {
        let store = try fixture.open(kind)
        store.close()
        store.close()
        #expect(await failure(store, [StoreFixture.queue(1)]) == .closed)
        #expect(await failure(store, []) == .closed)
        #expect(throws: LocalStoreError.closed) { try store.content() }
        #expect(throws: LocalStoreError.closed) { try store.call(of: 1) }
    }

    @Test(
        "A full store refuses what has no room, goes on, and takes more once there is room",
        arguments: [false, true]
    )
    func full(isOpenedAgain: Bool) async throws {
        var store: LocalStore? = try fixture.open(maximumPages: 70)
        var kept: UInt64 = 0
        while kept < 100 {
            let error = await failure(
                try #require(store),
                [StoreFixture.queue(kept + 1, length: 8_000)]
            )
            guard let error else {
                kept += 1
                continue
            }
            #expect(error == .full)
            break
        }
        try #require((3..<30).contains(kept))
        if isOpenedAgain {
            store = nil
            store = try fixture.open(maximumPages: 70)
        }
        let open = try #require(store)
        #expect(try open.content().commands.map(\.position) == Array(1...kept))
        #expect(await failure(open, [StoreFixture.queue(100, length: 8_000)]) == .full)
        try await open.commit([.maySend(1), .owner(StoreFixture.guest)])
        try await open.commit([.remove(1), .remove(2)])
        try await open.commit([StoreFixture.queue(100, length: 8_000)])
        #expect(try open.content().commands.map(\.position) == Array(3...kept) + [100])
    }

    @Test("A random history leaves the same in a file, opened again, as in memory")
    func history() async throws {
        var random = SeededRandom()
        var open: LocalStore? = try fixture.open()
        let memory = try fixture.open(.memory)
        var (next, calls): (UInt64, [UInt64: [UInt8]]) = (1, [:])
        for _ in 0..<SeededRandom.rounds(60) {
            let file = try #require(open)
            var changes: [LocalChange] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let known = calls.keys.sorted().randomElement(using: &random)
                switch (Int.random(in: 0..<5, using: &random), known) {
                case (0, let position?):
                    changes.append(.remove(position))
                    calls[position] = nil
                case (1, let position?): changes.append(.maySend(position))
                case (2, let position?): changes.append(.stop(position, .expired))
                case (3, let position?):
                    var (command, call) = StoreFixture.command(position, length: 5_000)
                    command.id = StoreFixture.id(random.next())
                    changes.append(.renew(command, call: call))
                    calls[position] = call
                default:
                    let length = Int.random(in: 0..<10_000, using: &random)
                    let (command, call) = StoreFixture.command(next, length: length)
                    changes.append(.queue(command, call: call))
                    calls[next] = call
                    next += 1
                }
            }
            try await file.commit(changes)
            try await memory.commit(changes)
            if Int.random(in: 0..<8, using: &random) == 0 {
                open = nil
                open = try fixture.open()
            }
            let content = try #require(open).content()
            #expect(try content.commands == memory.content().commands, "\(random.replay)")
        }
        for (position, call) in calls {
            #expect(try open?.call(of: position) == call, "\(random.replay)")
            #expect(try memory.call(of: position) == call, "\(random.replay)")
        }
    }
}
