import DeskSupport
import DocketDomain
import DocketMessages
import DocketTestSupport
import Foundation
import Testing

@Suite("A conversation is read in pages, in both directions")
struct HistoryTests {
    @Test("Pages of any size join without a hole", arguments: StoreKind.allCases)
    func paging(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let elsewhere = try await other.open()
        for number in 1...12 {
            let posted = try await guest.post("\(number)", in: conversation)
            try await other.post("elsewhere", in: elsewhere)
            if number.isMultiple(of: 3) { try await agent.note("secret", on: posted.requestID) }
        }
        for reader in [guest, agent] {
            let whole = try await reader.history(of: conversation)
            #expect(!whole.more)
            for limit in [1, 2, 5, 13, 200] as [UInt32] {
                let forwards = try await pages(of: conversation, by: reader, limit, forwards: true)
                let backwards = try await pages(
                    of: conversation,
                    by: reader,
                    limit,
                    forwards: false
                )
                #expect(forwards == whole.entries)
                #expect(backwards == whole.entries)
            }
        }
    }

    /// All pages; each is in order, within the range that it states, and joined to the one before.
    private func pages(
        of conversation: Data,
        by reader: Person,
        _ limit: UInt32,
        forwards: Bool
    ) async throws -> [Docket_V1_HistoryEntry] {
        var entries: [Docket_V1_HistoryEntry] = []
        var place: Docket_V1_HistoryCall.OneOf_Place? = forwards ? .after(0) : nil
        while true {
            let page = try await reader.history(of: conversation, place, limit: limit)
            let offsets = page.entries.map(\.offset)
            #expect(offsets == offsets.sorted() && offsets.count <= limit)
            #expect(offsets.allSatisfy { (page.fromOffset...page.toOffset).contains($0) })
            entries = forwards ? entries + page.entries : page.entries + entries
            guard page.more else { return entries }
            #expect(!page.entries.isEmpty)
            place = forwards ? .after(page.toOffset) : .before(page.fromOffset)
        }
    }

    @Test("A place beyond either end gives an empty page")
    func edges() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await guest.post("one", in: conversation)
        let places: [Docket_V1_HistoryCall.OneOf_Place] = [
            .before(0), .before(1), .after(1_000), .after(.max),
        ]
        for place in places {
            let page = try await guest.history(of: conversation, place)
            #expect(page.entries.isEmpty && !page.more)
        }
        let all = try await guest.history(of: conversation, .before(.max))
        #expect(all.entries == (try await guest.history(of: conversation).entries))
    }
}
