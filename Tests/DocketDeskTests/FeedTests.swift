import DeskSupport
import DocketDesk
import DocketDomain
import DocketMessages
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

/// Applies a feed as a client does: by the chain, or not at all.
private struct Follower {
    var cursor: UInt64
    var events: [Event] = []
    var markers: [FeedEntry.Content] = []

    mutating func apply(_ entries: [FeedEntry]) {
        for entry in entries {
            #expect(entry.previous == cursor, "the chain is unbroken")
            #expect(entry.offset >= cursor)
            cursor = entry.offset
            if case .event(let bytes) = entry.content {
                events += [Event(encoded: bytes)].compactMap(\.self)
            } else {
                markers.append(entry.content)
            }
        }
    }

    /// Pulls until the feed has nothing more.
    mutating func follow(
        _ subscription: inout FeedSubscription,
        pages: () -> Int
    ) async throws {
        while true {
            let page = try await subscription.next(limit: pages())
            apply(page.entries)
            if page.isLevel { return }
        }
    }
}

@Suite("Feeds")
struct FeedTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "A feed begins with a marker, catches up, and goes on live",
        arguments: StoreKind.allCases
    )
    func phases(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        var subscription = try fixture.desk.subscribe(
            as: ada,
            from: .beginning,
            on: fixture.hub
        )
        var follower = Follower(cursor: 0)
        try await follower.follow(&subscription) { 10 }
        #expect(follower.markers == [.started, .caughtUp])
        #expect(follower.events.count == 1)
        _ = await fixture.post("hello", in: conversation, as: ada)
        await subscription.wait()
        try await follower.follow(&subscription) { 10 }
        #expect(follower.events.count == 3)
        #expect(follower.markers == [.started, .caughtUp])
        let heartbeat = subscription.heartbeat()
        #expect(heartbeat.previous == 3 && heartbeat.offset == 3)
        subscription.close()
        await subscription.wait()
        await fixture.desk.stop()
    }

    @Test("A cursor of another epoch, below the floor or above the head needs a new snapshot")
    func resync() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        _ = await fixture.conversation(of: ada)
        let subscribe = { (epoch: UInt64, offset: UInt64) in
            _ = try fixture.desk.subscribe(
                as: ada,
                from: .after(FeedCursor(epoch: Epoch(epoch), offset: offset)),
                on: fixture.hub
            )
        }
        #expect(throws: ResyncReason.epochChanged) { try subscribe(8, 1) }
        #expect(throws: ResyncReason.aboveHead) { try subscribe(7, 2) }
        try subscribe(7, 1)
        try subscribe(7, 0)
        await fixture.desk.stop()
    }

    @Test("A quiet contact's cursor moves over what concerns others")
    func quiet() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let conversation = await fixture.conversation(of: eve)
        var subscription = try fixture.desk.subscribe(as: ada, from: .now, on: fixture.hub)
        var follower = Follower(cursor: 1)
        try await follower.follow(&subscription) { 5 }
        for _ in 0..<20 { _ = await fixture.post("hello", in: conversation, as: eve) }
        try await follower.follow(&subscription) { 5 }
        #expect(follower.events.isEmpty)
        follower.apply([subscription.heartbeat()])
        #expect(follower.cursor == fixture.desk.position.head)
        await fixture.desk.stop()
    }

    @Test("Typing passes to the others of a conversation, once in three seconds")
    func typing() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        var feeds = try [ada, eve, bo].map { principal in
            try fixture.desk.subscribe(as: principal, from: .now, on: fixture.hub)
        }
        for index in feeds.indices { _ = try await feeds[index].next(limit: 9) }
        let signals = { () async throws -> [Int] in
            var counts: [Int] = []
            for index in feeds.indices {
                counts.append(try await feeds[index].next(limit: 9).signals.count)
            }
            return counts
        }
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        #expect(try await signals() == [0, 0, 1])
        fixture.clock.advance(by: .milliseconds(2_999))
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        #expect(try await signals() == [0, 0, 0])
        fixture.clock.advance(by: .milliseconds(1))
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        try await fixture.desk.signalTyping(of: bo, in: conversation)
        #expect(try await signals() == [1, 0, 1])
        await #expect(throws: QueryError.notFound) {
            try await fixture.desk.signalTyping(of: eve, in: conversation)
        }
        await fixture.desk.stop()
    }

    @Test("A typing signal that was not taken within six seconds is dropped, a newer one is not")
    func oldTyping() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        var feed = try fixture.desk.subscribe(as: bo, from: .now, on: fixture.hub)
        _ = try await feed.next(limit: 9)
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        fixture.clock.advance(by: .milliseconds(5_999))
        let taken = try await feed.next(limit: 9).signals
        #expect(taken.count == 1)
        #expect(taken.allSatisfy { feed.isValid($0) })
        fixture.clock.advance(by: .milliseconds(1))
        #expect(!taken.contains { feed.isValid($0) })
        try await fixture.desk.signalTyping(of: ada, in: conversation)
        fixture.clock.advance(by: .milliseconds(6_000))
        #expect(try await feed.next(limit: 9).signals.isEmpty)
        await fixture.desk.stop()
    }

    @Test("Of more signals than may wait the newest stay")
    func manySignals() async throws {
        var limits = DeskLimits()
        limits.waitingSignals = 2
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)), limits: limits)
        let bo = await fixture.agent("Bo")
        var feed = try fixture.desk.subscribe(as: bo, from: .now, on: fixture.hub)
        var authors: [Data?] = []
        for name in ["Ada", "Eve", "Max"] {
            let contact = await fixture.guest(name)
            let conversation = await fixture.conversation(of: contact)
            try await fixture.desk.signalTyping(of: contact, in: conversation)
            authors.append(contact.id?.data)
        }
        let signals = try await feed.next(limit: 9).signals
        let shown = try signals.map { try Docket_V1_Event(serializedBytes: $0.event).actor.id }
        #expect(shown.map(Optional.some) == Array(authors.dropFirst()))
        await fixture.desk.stop()
    }

    @Test(
        "A feed whose entries lie far apart moves its cursor on the way to them",
        arguments: StoreKind.allCases
    )
    func sparse(kind: StoreKind) async throws {
        let sparse = try await Self.sparse(in: kind.open(in: directory))
        let fixture = sparse.fixture
        var subscription = sparse.subscription
        var follower = Follower(cursor: 0)
        var pages = 0
        var before: UInt64 = 0
        while true {
            let page = try await subscription.next(limit: 9)
            follower.apply(page.entries)
            pages += 1
            if page.isLevel { break }
            #expect(follower.cursor <= before + 20, "two scans of ten make a page")
            before = follower.cursor
        }
        #expect(follower.cursor == fixture.desk.position.head)
        #expect(follower.events.count == 1 && pages > 5)
        #expect(follower.markers.count { $0 == .heartbeat } == pages - 1)
        await fixture.desk.stop()
    }

    @Test("A feed that is cancelled while it looks through the log ends after one look")
    func cancelledScan() async throws {
        let sparse = try await Self.sparse(in: MemoryStore(epoch: Epoch(7)))
        let task = Task {
            var subscription = sparse.subscription
            withUnsafeCurrentTask { $0?.cancel() }
            return try await subscription.next(limit: 9)
        }
        let page = try await task.value
        #expect(!page.isLevel)
        #expect(page.entries.last?.offset == 10, "one scan of ten")
        await sparse.fixture.desk.stop()
    }

    /// An integration's feed of a log in which others have everything but the last entry.
    private static func sparse(
        in store: any Store
    ) async throws -> (subscription: FeedSubscription, fixture: DeskFixture) {
        var limits = DeskLimits()
        limits.tailEntries = 1
        limits.scannedEntries = 10
        limits.readsForPage = 2
        let fixture = try DeskFixture(store: store, limits: limits)
        let ada = await fixture.guest("Ada")
        let bridge = await fixture.integration("bridge-1")
        let conversation = await fixture.conversation(of: ada)
        for _ in 0..<150 { _ = await fixture.post("hello", in: conversation, as: ada) }
        let contact: ContactID = fixture.id()
        _ = await fixture.ask(
            .ensureContact(contact, externalID: "+49", name: "Max"),
            as: bridge,
            id: CommandID(contact)
        )
        let opening = OpenConversation(id: fixture.id(), channel: "bridge", contact: contact)
        _ = await fixture.ask(.openConversation(opening), as: bridge)
        let subscription = try fixture.desk.subscribe(
            as: bridge,
            from: .beginning,
            on: fixture.hub
        )
        return (subscription, fixture)
    }

    @Test("Waiting ends when the task is cancelled")
    func cancellation() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        let subscription = try fixture.desk.subscribe(as: ada, from: .now, on: fixture.hub)
        let task = Task { await subscription.wait() }
        task.cancel()
        await task.value
        await fixture.desk.stop()
    }

    @Test(
        "Whatever the pattern of pages, everybody's feed is the log as they may see it",
        arguments: StoreKind.allCases,
        seeds(12)
    )
    func everybody(kind: StoreKind, seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var limits = DeskLimits()
        limits.tailEntries = Int.random(in: 1...20, using: &random)
        limits.scannedEntries = UInt64.random(in: 1...20, using: &random)
        let fixture = try DeskFixture(
            store: kind.open(in: directory),
            seed: seed,
            limits: limits
        )
        var play = Play(fixture: fixture, policies: try PlayPolicies.all())
        let script = PlayScript.steps(60, seed: seed)
        await play.begin()
        let principals = play.everybody
        var feeds = try principals.map { principal in
            try fixture.desk.subscribe(as: principal, from: .beginning, on: fixture.hub)
        }
        var followers = principals.map { _ in Follower(cursor: 0) }
        for step in script {
            await play.perform(step)
            let index = Int.random(in: feeds.indices, using: &random)
            let page = try await feeds[index].next(limit: Int.random(in: 1...7, using: &random))
            followers[index].apply(page.entries)
            if Int.random(in: 0..<10, using: &random) == 0 {
                feeds[index].close()
                let cursor = FeedCursor(epoch: Epoch(7), offset: followers[index].cursor)
                feeds[index] = try fixture.desk.subscribe(
                    as: principals[index],
                    from: .after(cursor),
                    on: fixture.hub
                )
            }
        }
        let log = try fixture.log()
        for index in feeds.indices {
            try await followers[index].follow(&feeds[index]) { 3 }
            let expected = log.compactMap { play.view(of: $0.event, for: principals[index]) }
            // Which fields contacts see changes with the rules while the feeds are read.
            #expect(
                followers[index].events.compactMap(\.withoutFields)
                    == expected.compactMap(\.withoutFields),
                "seed \(seed), \(principals[index].name)"
            )
        }
        await fixture.desk.stop()
    }
}

extension Event {
    /// The event without what it says of fields; `nil` where nothing else is left.
    fileprivate var withoutFields: Event? {
        guard case .detailsChanged(let changes) = fact else { return self }
        let others = changes.filter { change in
            if case .field = change { false } else { true }
        }
        guard !others.isEmpty else { return nil }
        return Event(
            at: at,
            actor: actor,
            conversation: conversation,
            request: request,
            way: way,
            isInternal: isInternal,
            contactNames: contactNames,
            fact: .detailsChanged(others)
        )
    }
}
