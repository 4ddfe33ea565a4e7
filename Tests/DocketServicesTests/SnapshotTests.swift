import DeskSupport
import DocketDomain
import DocketMessages
import DocketTestSupport
import Foundation
import Testing

@Suite("A snapshot and the feed after it leave no gap", .timeLimit(.minutes(5)))
struct SnapshotTests {
    /// What a client knows of a conversation's newest request.
    private struct Known: Equatable {
        var request = Data()
        var version: UInt64 = 0
        var sequence: UInt64 = 0
    }

    /// What a client knows of all conversations, from a snapshot and then the feed.
    private struct Replica {
        var known: [Data: Known] = [:]

        mutating func take(_ page: Docket_V1_SnapshotReply) {
            for conversation in page.conversations {
                known[conversation.id] = Known(
                    request: conversation.newestRequest.id,
                    version: conversation.newestRequest.version,
                    sequence: conversation.newestRequest.sequence
                )
            }
        }

        mutating func apply(_ event: Docket_V1_Event) {
            var entry = known[event.conversationID] ?? Known()
            if event.requestID != entry.request {
                guard case .requestOpened? = event.fact else { return }
                entry = Known(request: event.requestID)
            }
            guard event.requestVersion > entry.version else {
                known[event.conversationID] = entry
                return
            }
            entry.version = event.requestVersion
            if case .messagePosted(let message)? = event.fact { entry.sequence = message.sequence }
            known[event.conversationID] = entry
        }
    }

    @Test(
        "Whatever happens between the pages is told by the feed",
        arguments: StoreKind.allCases
    )
    func noGap(_ keeping: StoreKind) async throws {
        var random = SeededRandom()
        let fixture = try ServiceFixture(keeping)
        let agent = try await fixture.agent("agent", .supervisor)
        var talkers: [(guest: Person, conversation: Data)] = []
        for number in 0..<5 {
            let guest = try await fixture.guest("Guest \(number)")
            talkers.append((guest, try await guest.open()))
        }
        var replica = Replica()
        var page = Data()
        var cursor = Docket_V1_Cursor()
        repeat {
            try await play(&talkers, fixture, agent, &random)
            let reply = try await agent.snapshot(
                page: page,
                limit: .random(in: 1...3, using: &random)
            )
            if page.isEmpty { cursor = reply.asOf }
            #expect(reply.asOf == cursor, "\(random.replay)")
            replica.take(reply)
            page = reply.nextPage
        } while !page.isEmpty
        try await play(&talkers, fixture, agent, &random)
        let feed = try agent.subscribe(.cursor(cursor))
        for told in try await feed.eventsUntilCaughtUp() { replica.apply(told.event) }
        var truth = Replica()
        truth.take(try await agent.snapshot())
        #expect(replica.known == truth.known, "\(random.replay)")
    }

    /// A few random things happen.
    private func play(
        _ talkers: inout [(guest: Person, conversation: Data)],
        _ fixture: ServiceFixture,
        _ agent: Person,
        _ random: inout SeededRandom
    ) async throws {
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let (guest, conversation) = talkers[Int.random(in: talkers.indices, using: &random)]
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where talkers.count < 12:
                let guest = try await fixture.guest("New")
                talkers.append((guest, try await guest.open()))
            case 1:
                let request = try await guest.post("help", in: conversation).requestID
                try await agent.post("answer", in: conversation)
                try await agent.finish(request, as: "closed")
            case 2:
                let request = try await guest.post("help", in: conversation).requestID
                try await agent.note("secret", on: request)
            default:
                try await guest.post("hello", in: conversation)
            }
        }
    }

    @Test("A guest's snapshot holds its own conversations and nothing else")
    func rights() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let chat = try await guest.open()
        let bridge = try await guest.open(on: "bridge")
        _ = try await other.open()
        #expect(Set(try await guest.snapshot().conversations.map(\.id)) == [chat, bridge])
        let integration = try await fixture.keyHolder("Bridge", channel: "bridge")
        #expect(try await integration.snapshot().conversations.map(\.id) == [bridge])
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        #expect(try await partner.snapshot().conversations.isEmpty)
    }
}
