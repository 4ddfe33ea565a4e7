import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

@Suite("Typing is passed on, at most once in 3 seconds, and kept nowhere", .timeLimit(.minutes(5)))
struct TypingTests {
    @Test("The other side sees it, the author and strangers do not")
    func passing() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let stranger = try await fixture.guest("Stranger")
        let conversation = try await guest.open()
        let (own, theirs, strange) =
            (try guest.subscribe(), try agent.subscribe(), try stranger.subscribe())
        for feed in [own, theirs, strange] { _ = try await feed.eventsUntilCaughtUp() }
        try await type(guest, in: conversation)
        let seen = try await theirs.next()
        let event = try Docket_V1_Event(serializedBytes: seen.ephemeral)
        #expect(seen.prev == 0 && seen.offset == 0)
        #expect(event.typingStarted == Docket_V1_TypingStarted() && event.actor.id == guest.id)
        let posted = try await guest.post("typed", in: conversation)
        #expect(try await signals(of: own, until: posted.offset) == 0)
        #expect(try await signals(of: theirs, until: posted.offset) == 0)
        let mine = try await stranger.post("mine", in: try await stranger.open())
        #expect(try await signals(of: strange, until: mine.offset) == 0)
    }

    @Test("A second signal within 3 seconds is dropped, one at 3 seconds passes")
    func throttle() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let feed = try agent.subscribe()
        _ = try await feed.eventsUntilCaughtUp()
        try await type(guest, in: conversation)
        fixture.clock.advance(by: .milliseconds(2_999))
        try await type(guest, in: conversation)
        var posted = try await guest.post("one", in: conversation)
        #expect(try await signals(of: feed, until: posted.offset) == 1)
        fixture.clock.advance(by: .milliseconds(1))
        try await type(guest, in: conversation)
        posted = try await guest.post("two", in: conversation)
        #expect(try await signals(of: feed, until: posted.offset) == 1)
    }

    @Test("No history and no later feed has it")
    func keptNowhere() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let before = fixture.desk.position.head
        try await type(guest, in: conversation)
        #expect(fixture.desk.position.head == before)
        let feed = try agent.subscribe(.fromBeginning(true))
        let events = try await feed.eventsUntilCaughtUp()
        #expect(events.count == 2, "the agent was made, and the conversation opened")
    }

    private func type(_ person: Person, in conversation: Data) async throws {
        var call = Docket_V1_TypingCall()
        call.conversationID = conversation
        _ = try await person.conversations.typing(call)
    }

    /// How many signals a feed passes on before it has told of an offset.
    private func signals(of feed: FeedReading, until offset: UInt64) async throws -> Int {
        var count = 0
        while feed.cursor.offset < offset {
            if try await feed.next().ephemeral.isEmpty == false { count += 1 }
        }
        return count
    }
}
