import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import Testing

@Suite("What agents find, and what they are told when they cannot", .timeLimit(.minutes(5)))
struct SearchTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture(.sqlite) }

    /// Searches when everything that was said is in the index.
    private func find(
        _ query: String,
        as person: Person
    ) async throws -> Docket_V1_SearchMessagesReply {
        while true {
            let reply = try await person.search(query)
            if reply.indexedUpTo == reply.head { return reply }
            fixture.desk.wake()
            await Task.yield()
        }
    }

    @Test("An agent finds what was said, and is told how far the search has looked")
    func hits() async throws {
        let guest = try await fixture.guest("Ada")
        let agent = try await fixture.agent("Bo")
        let conversation = try await guest.open()
        let posted = try await guest.post("My parcel is late", in: conversation)
        let note = try await agent.note("look for the parcel", on: posted.requestID)
        let reply = try await find("parcel", as: agent)
        #expect(reply.hits.map(\.kind) == [.note, .message])
        #expect(reply.hits.map(\.offset) == [note.offset, posted.offset])
        #expect(reply.hits.map(\.author.name) == ["Bo", "Ada"])
        let hit = try #require(reply.hits.last)
        #expect(hit.conversationID == conversation)
        #expect(hit.requestID == posted.requestID)
        #expect(hit.requestNumber == 1)
        #expect(hit.sequence == 1)
        #expect(hit.snippet == "My parcel is late")
        #expect(hit.atMilliseconds == fixture.clock.now().milliseconds)
        #expect(reply.nextPage.isEmpty)
        #expect(reply.head == note.offset)
    }

    @Test("Hits are given page by page")
    func pages() async throws {
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("Bo")
        let conversation = try await guest.open()
        for index in 0..<5 { try await guest.post("again \(index)", in: conversation) }
        _ = try await find("again", as: agent)
        let first = try await agent.search("again", limit: 3)
        let second = try await agent.search("again", limit: 3, page: first.nextPage)
        #expect(
            (first.hits + second.hits).map(\.snippet) == (0..<5).reversed().map { "again \($0)" }
        )
        #expect(!first.nextPage.isEmpty && second.nextPage.isEmpty)
    }

    @Test("The fields of a search")
    func fields() async throws {
        let agent = try await fixture.agent("Bo")
        var call = Docket_V1_SearchMessagesCall()
        call.query = "hello"
        await expectRefusals(
            of: call,
            [
                .texts("query", \.query, atMost: 256),
                .value("query") { $0.query = "\"...\" *" },
                .value("query") { $0.query = (0..<17).map { "w\($0)" }.joined(separator: " ") },
                .value("limit") { $0.limit = 201 },
                .value("page") { $0.page = Data([1]) },
                .value("statuses") { $0.statuses = Array(repeating: "a", count: 33) },
                .value("channel", .fieldTooLong) { $0.channel = text(bytes: 65) },
            ],
            SearchCaller(channel: agent.connection).messages
        )
    }
}
