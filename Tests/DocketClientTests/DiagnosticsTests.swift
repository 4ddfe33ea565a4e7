import DocketCalls
import DocketMessages
import DocketRPC
import DocketTestSupport
import Foundation
import Testing

@testable import DocketClient

@Suite("Latencies are counted in spans")
struct LatenciesTests {
    @Test("A latency belongs to the first span that is long enough, exactly at its bound too")
    func spans() {
        for (index, bound) in Latencies().bounds.enumerated() {
            for (latency, span) in [(bound, index), (bound + .nanoseconds(1), index + 1)] {
                var latencies = Latencies()
                latencies.add(latency)
                #expect(latencies.counts.firstIndex(of: 1) == span)
                #expect(latencies.total == 1)
            }
        }
    }

    @Test("A share of all ends within a bound, unless it ends beyond the last")
    func shares() {
        var latencies = Latencies()
        #expect(latencies.bound(ofShare: 0.5) == nil)
        latencies.add(.milliseconds(3), times: 50)
        latencies.add(.milliseconds(70), times: 49)
        latencies.add(.seconds(31))
        #expect(latencies.bound(ofShare: 0) == .milliseconds(10))
        #expect(latencies.bound(ofShare: 0.5) == .milliseconds(10))
        #expect(latencies.bound(ofShare: 0.51) == .milliseconds(100))
        #expect(latencies.bound(ofShare: 0.99) == .milliseconds(100))
        #expect(latencies.bound(ofShare: 1) == nil)
    }
}

@Suite("What a client counts")
struct ClientCountsTests {
    private let moment = Timestamp(millisecondsSinceEpoch: 1_000_000)

    private func cursor(_ offset: UInt64, life: UInt8 = 1) -> Cursor {
        Cursor(epoch: [UInt8](repeating: life, count: Cursor.epochLength), offset: offset)
    }

    private func refusal(_ cause: String) -> Refusal {
        Refusal(reason: "resync_required", message: "", particulars: cause)
    }

    @Test("Resyncs are told apart by their causes, up to sixteen of them")
    func resyncs() {
        var feeds = ClientCounts.Feeds()
        for number in 0..<40 { feeds.resyncs(because: refusal("cause \(number)")) }
        feeds.resyncs(because: refusal("cause 3"))
        feeds.resyncs(because: refusal(""))
        #expect(feeds.resyncs.count == 16)
        #expect(feeds.resyncs["cause 3"] == 2)
        #expect(feeds.resyncs["other"] == 26)
    }

    @Test("A server that gives no cause has given its reason, and one that says nothing neither")
    func noCause() {
        var feeds = ClientCounts.Feeds()
        feeds.resyncs(because: refusal(""))
        feeds.resyncs(because: nil)
        #expect(feeds.resyncs == ["resync_required": 1, "other": 1])
    }

    @Test("A lag is the way to the furthest place of which anything has told")
    func lag() {
        var feeds = ClientCounts.Feeds()
        #expect(feeds.lag(of: cursor(5), behind: 0) == nil)
        feeds.told(cursor(20))
        feeds.told(cursor(12))
        #expect(feeds.lag(of: cursor(5), behind: 0) == 15)
        #expect(feeds.lag(of: cursor(5), behind: 25) == 20)
        #expect(feeds.lag(of: cursor(30), behind: 25) == 0)
    }

    @Test("A lag never lies between two lives of the log")
    func lives() {
        var feeds = ClientCounts.Feeds()
        feeds.told(cursor(20))
        feeds.told(cursor(3, life: 2))
        #expect(feeds.lag(of: cursor(5), behind: 9) == nil)
        #expect(feeds.lag(of: cursor(1, life: 2), behind: 0) == 2)
    }

    @Test("The server's clock is ahead, behind, or right")
    func clocks() {
        var connections = ClientCounts.Connections()
        for (theirs, ahead) in [(1_000_090, 90), (999_910, -90), (1_000_000, 0)] {
            let told = Timestamp(millisecondsSinceEpoch: UInt64(theirs))
            connections.greeted(told, at: moment)
            #expect(connections.clockSkew == .milliseconds(ahead))
        }
    }

    @Test("A session is renewed once, however many attempts that takes")
    func renewals() {
        let error = DocketClientError(.unreachable, "lost")
        var connections = ClientCounts.Connections()
        connections.signedIn()
        connections.failed(error, endsSession: false, at: moment)
        connections.signedIn()
        #expect(connections.sessionRenewals == 0)
        connections.failed(error, endsSession: true, at: moment)
        connections.failed(error, endsSession: false, at: moment)
        connections.signedIn()
        connections.signedIn()
        #expect(connections.sessionRenewals == 1)
    }
}

@Suite("A client says how it does", .timeLimit(.minutes(5)))
struct DiagnosticsTests {
    private static let cursor = Cursor(epoch: Array(FakeDesk.epoch), offset: 10)

    @Test("A client that has just signed in has nothing to tell")
    func fresh() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        let told = fixture.client.diagnostics()
        #expect(told.takenAt == TestClock.firstMoment)
        #expect(told.connection.state == .live)
        #expect(told.connection.since == TestClock.firstMoment)
        #expect(told.connection.attempts == 1)
        #expect(told.connection.lastError == nil)
        #expect(told.connection.retryIn == nil)
        #expect(told.connection.clockSkew == nil)
        #expect(told.feed.cursor == nil)
        #expect(told.feed.lag == nil)
        #expect(told.outbox.oldestAge == nil)
        #expect(told.verdicts.latencies.total == 0)
        #expect(told.store == .init(version: LocalSchema.version, isDurable: false))
        #expect(told.holder == nil)
    }

    @Test("A connection that was lost is told, with what mended it")
    func connection() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        fixture.connector.cut(RPCError(.draining, "restarting", retryAfter: .seconds(41)))
        _ = await fixture.state { if case .offline = $0 { true } else { false } }
        let offline = fixture.client.diagnostics().connection
        #expect(offline.state == .offline)
        #expect(offline.retryIn == .seconds(41))
        #expect(offline.lastError?.code == "unreachable")
        #expect(offline.lastError?.reason == "draining")
        #expect(offline.lastError?.message == "restarting")
        #expect(offline.lastError?.at == TestClock.firstMoment)
        await fixture.clock.passNextWait(within: .seconds(41))
        _ = await fixture.state { $0 == .live }
        let live = fixture.client.diagnostics().connection
        #expect(live.state == .live)
        #expect(live.since == TestClock.firstMoment.later(bySeconds: 41))
        #expect(live.lastError == offline.lastError)
        #expect(live.attempts == 2)
        #expect(live.reconnects == 1)
        #expect(live.shortenedWaits == 0)
    }

    @Test("A wait that was ended early is counted, and so is a session that was renewed")
    func occasions() async throws {
        let fixture = try Fixture(as: .login("ana", password: FakeDesk.password))
        try await fixture.client.signedIn()
        fixture.desk.expireSessions()
        fixture.connector.cut(RPCError(.sessionExpired, "expired"))
        _ = await fixture.state { $0 == .live && fixture.desk.calls.count == 2 }
        await fixture.goOffline()
        fixture.client.reconnectNow()
        _ = await fixture.state { $0 == .live }
        let told = fixture.client.diagnostics().connection
        #expect(told.sessionRenewals == 1)
        #expect(told.shortenedWaits == 1)
        #expect(told.reconnects == 2)
    }

    @Test("The server's clock is compared with this machine's at the greeting")
    func clockSkew() async throws {
        let fixture = try Fixture { _, connector in
            connector.serverTime = TestClock.firstMoment.later(bySeconds: 90)
        }
        try await fixture.client.signedIn()
        #expect(fixture.client.diagnostics().connection.clockSkew == .seconds(90))
    }

    @Test("What waits is told with its age, its bytes and its files")
    func outbox() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let file = AttachmentDraft(.bytes([1, 2, 3]), name: "three.bin")
        let message = try await chat.send("first", attachments: [file])
        async let outcome = message.outcome(within: .seconds(5))
        await fixture.clock.passNextWait(within: .seconds(5))
        _ = await outcome
        _ = try await chat.send("second")
        try await chat.markRead(upTo: 1)
        let told = fixture.client.diagnostics()
        #expect(told.outbox.waiting == 2)
        #expect(told.outbox.stopped == 0)
        #expect(told.outbox.bytes > 0)
        #expect(told.outbox.oldestAge == .seconds(5))
        #expect(told.uploads == .init(waiting: 1, underWay: 0, bytesLeft: 3))
        #expect(told.readMarks == 1)
    }

    @Test("Verdicts are counted by kind, and the lanes that they stop")
    func verdicts() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        _ = await (try await chat.send("well")).outcome()
        fixture.desk.refusePosts(
            RPCError(.overloaded, "busy"),
            RPCError(.fieldTooLong, "too long")
        )
        let refused = try await chat.send("ill")
        await fixture.clock.passNextWait(within: .seconds(1))
        _ = await refused.outcome()
        let told = fixture.client.diagnostics()
        #expect(told.verdicts.accepted == 1)
        #expect(told.verdicts.refused == 1)
        #expect(told.verdicts.failed == 0)
        #expect(told.verdicts.expired == 0)
        #expect(told.verdicts.deferredAttempts == 1)
        #expect(told.verdicts.lostAttempts == 0)
        #expect(told.verdicts.latencies.counts.first == 2)
        #expect(told.outbox.stopped == 1)
        #expect(told.outbox.stoppedLanes == 1)
    }

    @Test("An attempt whose connection is lost brings no verdict, and the next one does")
    func lostAttempt() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.loseReplies(of: ConversationsMethods.post)
        let message = try await chat.send("once")
        await fixture.clock.passNextWait(within: .seconds(1))
        _ = await message.outcome()
        let told = fixture.client.diagnostics().verdicts
        #expect(told.lostAttempts == 1)
        #expect(told.accepted == 1)
    }

    @Test("A gap of a feed and a resync are counted")
    func feeds() async throws {
        let resync = RPCError(
            .resyncRequired,
            "restored",
            trailers: [.init(key: "cause", value: Array("epoch_changed".utf8))]
        )
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                    .message("c", at: 16, prev: 14),
                ]),
                .init(entries: [.marker(.feedStarted, at: 12)], ending: resync)
            )
        }
        var feed = fixture.client.feed(from: .after(Self.cursor)).makeAsyncIterator()
        async let passed = fixture.clock.passNextWait(within: .seconds(1))
        await #expect(throws: DocketClientError.self) {
            while try await feed.next() != nil {}
        }
        _ = await passed
        let told = fixture.client.diagnostics().feed
        #expect(told.gapReopenings == 1)
        #expect(told.silenceReopenings == 0)
        #expect(told.resyncs == ["epoch_changed": 1])
    }

    @Test("The process that holds a profile is named")
    func holder() async throws {
        let store = try StoreFixture()
        let folder = store.folder + "/profile"
        let shared = try await SharedClient.open(
            at: folder,
            over: FaultyConnector(to: FakeDesk()),
            as: .newGuest(name: "Ana")
        )
        let told = await shared.diagnostics()
        #expect(told.holder == .init(processID: getpid(), isThisProcess: true))
        #expect(told.store.isDurable)
        await shared.close()
        #expect(await shared.diagnostics().holder == nil)
    }

    @Test("As JSON it is the same again, says its units, and holds nothing of messages")
    func coding() async throws {
        let fixture = try Fixture { _, connector in connector.serverTime = TestClock.firstMoment }
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        _ = try await chat.send("between us")
        let told = fixture.client.diagnostics()
        let bytes = try JSONEncoder().encode(told)
        #expect(try JSONDecoder().decode(ClientDiagnostics.self, from: bytes) == told)
        let text = String(decoding: bytes, as: UTF8.self)
        for key in [
            "takenAtMilliseconds", "sinceMilliseconds", "retryInMilliseconds", "atMilliseconds",
            "clockSkewMilliseconds", "oldestAgeMilliseconds", "boundsMilliseconds", "bytesLeft",
        ] {
            #expect(text.contains("\"\(key)\""))
        }
        #expect(!text.contains("between us") && !text.contains("Ana"))
    }
}
