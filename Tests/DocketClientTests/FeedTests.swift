import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import Testing

@testable import DocketClient

@Suite("A feed has no gap and tells nothing twice", .timeLimit(.minutes(5)))
struct FeedTests {
    private static let cursor = Cursor(epoch: Array(FakeDesk.epoch), offset: 10)

    /// The texts of the messages among the next steps, until there are so many.
    private func texts(_ count: Int, of feed: inout Feed.Iterator) async throws -> [String] {
        var texts: [String] = []
        while texts.count < count, let update = try await feed.next() {
            guard case .event(let event) = update.content,
                case .messagePosted(let message) = event.fact
            else { continue }
            texts.append(message.text)
        }
        return texts
    }

    private func offsets(_ desk: FakeDesk) -> [UInt64] {
        desk.subscriptions.map(\.cursor.offset)
    }

    @Test("A feed tells where it starts, what happens, and when it has caught up")
    func steps() async throws {
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                    .marker(.feedCaughtUp, at: 15, prev: 12),
                    .marker(.feedHeartbeat, at: 15, prev: 15),
                ])
            )
        }
        var feed = fixture.client.feed().makeAsyncIterator()
        var cursors: [String] = []
        for _ in 0..<4 { cursors.append(try #require(try await feed.next()).cursor.description) }
        #expect(
            cursors == [10, 12, 15, 15].map { "0102030405060708-\($0)" }
        )
        #expect(fixture.desk.subscriptions == [Docket_V1_SubscribeCall()])
        _ = await fixture.state { $0 == .live }
    }

    @Test("A gap opens the feed again from the cursor")
    func gap() async throws {
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                    .message("c", at: 16, prev: 14),
                ]),
                .init(entries: [
                    .marker(.feedStarted, at: 12), .message("b", at: 14, prev: 12),
                    .message("c", at: 16, prev: 14),
                ])
            )
        }
        var feed = fixture.client.feed(from: .after(Self.cursor)).makeAsyncIterator()
        #expect(try await texts(1, of: &feed) == ["a"])
        async let passed = fixture.clock.passNextWait(within: .seconds(1))
        #expect(try await texts(2, of: &feed) == ["b", "c"])
        _ = await passed
        #expect(offsets(fixture.desk) == [10, 12])
    }

    @Test("A lost connection goes on from the cursor")
    func lost() async throws {
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                ]),
                .init(entries: [
                    .marker(.feedStarted, at: 12), .message("b", at: 14, prev: 12),
                ])
            )
        }
        var feed = fixture.client.feed(from: .after(Self.cursor)).makeAsyncIterator()
        #expect(try await texts(1, of: &feed) == ["a"])
        fixture.connector.cut()
        async let passed = fixture.clock.passNextWait(within: .seconds(1))
        #expect(try await texts(1, of: &feed) == ["b"])
        _ = await passed
        #expect(offsets(fixture.desk) == [10, 12])
        #expect(fixture.connector.attempts == 2)
    }

    @Test("A feed that is silent for two heartbeats is opened again on the same connection")
    func silence() async throws {
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [.marker(.feedStarted, at: 10)]),
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                ])
            )
        }
        var feed = fixture.client.feed(from: .after(Self.cursor)).makeAsyncIterator()
        _ = try await feed.next()
        async let passed = fixture.clock.passNextWait(within: .seconds(60))
        #expect(try await texts(1, of: &feed) == ["a"])
        #expect(await passed == .seconds(60))
        #expect(offsets(fixture.desk) == [10, 10])
        #expect(fixture.connector.attempts == 1)
    }

    @Test("A feed that cannot go on from its cursor ends with the cause")
    func resync() async throws {
        let cause = Metadatum(key: "cause", value: Array("epoch_changed".utf8))
        let fixture = try Fixture { desk, _ in
            desk.plan(.init(ending: RPCError(.resyncRequired, "restored", trailers: [cause])))
        }
        var feed = fixture.client.feed(from: .after(Self.cursor)).makeAsyncIterator()
        do {
            _ = try await feed.next()
            Issue.record("the feed went on")
        } catch {
            #expect(error.code == .resyncRequired)
            #expect(error.refusal?.particulars == "epoch_changed")
        }
        #expect(try await feed.next() == nil)
    }

    @Test("Others' typing is told with the cursor where it was, one's own is not")
    func typing() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        let own = try #require(fixture.client.identity?.party.id)
        fixture.desk.plan(
            .init(entries: [
                .marker(.feedStarted, at: 10), .typing(by: own.bytes),
                .typing(by: [UInt8](repeating: 5, count: 16)),
            ])
        )
        var feed = fixture.client.feed().makeAsyncIterator()
        _ = try await feed.next()
        let update = try #require(try await feed.next())
        guard case .typing(let signal) = update.content else {
            Issue.record("\(update)")
            return
        }
        #expect(signal.party.name == "Bo")
        #expect(update.cursor == Self.cursor)
    }

    @Test("A conversation's updates leave out what belongs to others, and keep the cursor")
    func filtered() async throws {
        let fixture = try Fixture { desk, _ in
            desk.plan(
                .init(entries: [
                    .marker(.feedStarted, at: 10), .message("a", at: 12, prev: 10),
                    .marker(.feedCaughtUp, at: 12),
                ])
            )
        }
        let other = fixture.client.conversation(ConversationID())
        var feed = other.updates().makeAsyncIterator()
        _ = try await feed.next()
        let update = try #require(try await feed.next())
        #expect(update.content == .caughtUp)
        #expect(update.cursor.offset == 12)
    }
}
