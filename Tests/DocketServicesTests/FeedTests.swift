import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import DocketServices
import DocketStore
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

@Suite("A feed tells each principal what it may see, once and in order", .timeLimit(.minutes(5)))
struct FeedTests {
    @Test(
        "A feed begins with a marker, catches up, and goes on live",
        arguments: StoreKind.allCases
    )
    func markers(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let past = try await guest.post("past", in: conversation)
        let feed = try guest.subscribe(.fromBeginning(true))
        let started = try await feed.next()
        #expect(started.marker == .feedStarted && started.prev == started.offset)
        #expect(started.epoch == Epoch(7).bytes)
        let told = try await feed.eventsUntilCaughtUp()
        #expect(told.last?.offset == past.offset)
        let live = try await guest.post("live", in: conversation)
        #expect(
            try await feed.events(through: live.offset).last?.event.messagePosted.text == "live"
        )
        let resumed = try guest.subscribe(
            .cursor(
                .with {
                    $0.epoch = started.epoch
                    $0.offset = past.offset
                }
            )
        )
        let missed = try await resumed.eventsUntilCaughtUp()
        #expect(missed.last?.offset == live.offset)
        #expect(missed.allSatisfy { $0.offset > past.offset })
        let fresh = try guest.subscribe()
        #expect(try await fresh.eventsUntilCaughtUp().isEmpty)
    }

    @Test("A quiet feed beats after 15 seconds of silence, and the beat moves the cursor")
    func heartbeat() async throws {
        let fixture = try ServiceFixture()
        let clock = DocketTestSupport.ManualClock()
        let feeds = FeedHandler(desk: fixture.desk, now: { clock.now })
        var router = Router()
        feeds.register(in: &router)
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let conversation = try await guest.open()
        let connection = InProcessTransport(
            router: router,
            identity: guest.connection.identity,
            clock: ManualClock()
        )
        let feed = FeedReading(
            try FeedCaller(channel: connection).subscribe(Docket_V1_SubscribeCall())
        )
        _ = try await feed.eventsUntilCaughtUp()
        clock.advance(by: .milliseconds(14_999))
        feeds.wakeAll()
        let posted = try await guest.post("one", in: conversation)
        _ = try await feed.events(through: posted.offset)
        let elsewhere = try await other.post("two", in: try await other.open())
        clock.advance(by: .seconds(15))
        feeds.wakeAll()
        let beat = try await feed.next()
        #expect(beat.marker == .feedHeartbeat && beat.prev == posted.offset)
        #expect(beat.offset == elsewhere.offset, "a quiet client does not fall behind a busy desk")
    }

    @Test("Every silence ends between 15 and 30 seconds")
    func rhythm() {
        #expect(FeedHandler.silence >= .seconds(15))
        #expect(FeedHandler.silence + FeedHandler.beat < .seconds(30))
    }

    @Test("A cursor of no more use is refused with the reason")
    func resync() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let posted = try await guest.post("one", in: try await guest.open())
        let cases: [(epoch: Data, offset: UInt64, reason: Reason, trailer: String)] = [
            (Epoch(8).bytes, posted.offset, .resyncRequired, "epoch_changed"),
            (Epoch(7).bytes, posted.offset + 1, .resyncRequired, "above_head"),
            (Epoch(7).bytes, .max, .resyncRequired, "above_head"),
            (Data(), 0, .fieldMissing, "cursor.epoch"),
            (Epoch(7).bytes.dropLast(), 0, .invalidArgument, "cursor.epoch"),
        ]
        for (epoch, offset, reason, trailer) in cases {
            let call = Docket_V1_SubscribeCall.with {
                $0.cursor.epoch = epoch
                $0.cursor.offset = offset
            }
            let error = await refusal { () async throws(RPCError) in
                try await guest.feed.subscribe(call).next()
            }
            #expect(error?.reason == reason)
            #expect(error?.trailer("cause") ?? error?.trailer("field") == trailer)
        }
        let level = try guest.subscribe(
            .cursor(
                .with {
                    $0.epoch = Epoch(7).bytes
                    $0.offset = posted.offset
                }
            )
        )
        #expect(try await level.eventsUntilCaughtUp().isEmpty)
    }

    @Test("The seventeenth feed of a connection is refused until another ends")
    func feedsOfConnection() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        var feeds: [FeedReading] = []
        for _ in 0..<16 {
            let feed = try guest.subscribe()
            _ = try await feed.next()
            feeds.append(feed)
        }
        let error = await refusal { () async throws(RPCError) in
            try await guest.feed.subscribe(Docket_V1_SubscribeCall()).next()
        }
        #expect(error?.reason == .tooManyFeeds && error?.isNotProcessed == true)
        let agent = try await fixture.agent("agent")
        _ = try await agent.subscribe().next()
        feeds.removeFirst().abandon()
        while guest.connection.callCount > 15 { await Task.yield() }
        _ = try await guest.subscribe().next()
        withExtendedLifetime(feeds) {}
    }

    @Test("Everybody is told what it may see and nothing else")
    func rights() async throws {
        let fixture = try ServiceFixture()
        let owner = try await fixture.guest("Owner")
        let conversation = try await owner.open()
        let posted = try await owner.post("hello", in: conversation)
        for visitor in Visitor.allCases where visitor != .nobody {
            let person = try await visitor.person(at: fixture, owner: owner)
            let told = try await person.subscribe(.fromBeginning(true)).eventsUntilCaughtUp()
            let isTold = told.contains { $0.offset == posted.offset }
            #expect(isTold == Visitor.seers.contains(visitor), "\(visitor)")
            if !Visitor.seers.contains(visitor) { #expect(told.isEmpty, "\(visitor)") }
        }
    }
}
