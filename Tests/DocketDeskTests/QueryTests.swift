import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import Testing

@Suite("The desk's queries")
struct QueryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "Pages of a history join without a gap in either direction, and state what they cover",
        arguments: StoreKind.allCases
    )
    func history(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let other = await fixture.conversation(of: eve)
        var request: RequestID?
        for index in 0..<10 {
            request = await fixture.request(
                byPosting: "\(index)",
                in: conversation,
                as: ada
            )
            _ = await fixture.post("noise", in: other, as: eve)
        }
        let note = PostNote(id: fixture.id(), request: try #require(request), text: "secret")
        _ = await fixture.ask(.postNote(note), as: bo)
        var forward: [UInt64] = []
        var next: UInt64 = 0
        while true {
            let page = try await fixture.desk.history(
                of: conversation,
                for: ada,
                .after(next),
                limit: 3
            )
            #expect(page.from == next + 1)
            forward += page.entries.map(\.offset)
            next = page.to
            if !page.hasMore { break }
        }
        #expect(next == forward.last, "the log's end, where the note stands, is the staff's")
        var backward: [UInt64] = []
        var place: LogPlace?
        while true {
            let page = try await fixture.desk.history(
                of: conversation,
                for: ada,
                place,
                limit: 3
            )
            backward = page.entries.map(\.offset) + backward
            place = .before(page.from)
            if !page.hasMore { break }
        }
        #expect(forward == backward)
        #expect(forward.count == 12)
        let staff = try await fixture.desk.history(of: conversation, for: bo, nil, limit: 200)
        #expect(staff.entries.count == 13)
        await #expect(throws: QueryError.notFound) {
            try await fixture.desk.history(of: conversation, for: eve, nil, limit: 3)
        }
        await #expect(throws: QueryError.notFound) {
            try await fixture.desk.history(of: fixture.id(), for: bo, nil, limit: 3)
        }
        _ = try await fixture.desk.history(of: conversation, for: ada, .after(.max), limit: 3)
        _ = try await fixture.desk.history(of: conversation, for: ada, .before(0), limit: 3)
        await fixture.desk.stop()
    }

    @Test("Requests are listed page by page, each once", arguments: StoreKind.allCases)
    func requests(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let bo = await fixture.agent("Bo")
        for index in 0..<7 {
            let contact = await fixture.guest("c\(index)")
            let conversation = await fixture.conversation(of: contact)
            let request = try #require(
                await fixture.request(byPosting: "x", in: conversation, as: contact)
            )
            if index.isMultiple(of: 3) { _ = await fixture.ask(.take(request), as: bo) }
        }
        let list = { (owner: RequestFilter.Ownership) async throws -> [UInt64] in
            var numbers: [UInt64] = []
            var token: Data?
            repeat {
                let filter = RequestFilter(ownership: owner, limit: 2)
                let page = try await fixture.desk.requests(filter, page: token)
                numbers += page.requests.map(\.number)
                token = page.nextPage
            } while token != nil
            return numbers
        }
        let agent = try #require(bo.agent?.agent.id)
        #expect(try await list(.any) == [1, 2, 3, 4, 5, 6, 7])
        #expect(try await list(.agent(agent)) == [1, 4, 7])
        #expect(try await list(.none) == [2, 3, 5, 6])
        for token in [Data([1]), Data(repeating: 0, count: 24), Data(repeating: 255, count: 25)] {
            await #expect(throws: QueryError.invalidPage) {
                try await fixture.desk.requests(RequestFilter(limit: 2), page: token)
            }
        }
        await #expect(throws: QueryError.notFound) {
            try await fixture.desk.request(number: 8)
        }
        await fixture.desk.stop()
    }

    @Test(
        "A page of a rare filter looks at so many requests, and the list goes on behind them",
        arguments: StoreKind.allCases
    )
    func examinedRequests(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.examinedRequests = 3
        let fixture = try DeskFixture(store: kind.open(in: directory), limits: limits)
        let bo = await fixture.agent("Bo")
        var last: RequestID?
        for index in 0..<7 {
            let contact = await fixture.guest("c\(index)")
            let conversation = await fixture.conversation(of: contact)
            last = await fixture.request(byPosting: "x", in: conversation, as: contact)
            if index > 0, let last { _ = await fixture.ask(.take(last), as: bo) }
        }
        let finish = Finish(request: try #require(last), status: nil)
        _ = await fixture.ask(.finish(finish), as: bo)
        let agent = try #require(bo.agent?.agent.id)
        let status = try await fixture.desk.request(try #require(last)).status
        let rare = RequestFilter(ownership: .agent(agent), limit: 50, statuses: [status])
        var pages: [[UInt64]] = []
        var token: Data?
        repeat {
            let page = try await fixture.desk.requests(rare, page: token)
            pages.append(page.requests.map(\.number))
            token = page.nextPage
        } while token != nil
        #expect(pages == [[], [7]])
        await fixture.desk.stop()
    }

    @Test("Agents are listed by login, page by page", arguments: StoreKind.allCases)
    func agents(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        for name in ["Cy", "Bo", "Zoë", "Al", "Äda"] { _ = await fixture.agent(name) }
        var logins: [String?] = []
        var token: Data?
        repeat {
            let page = try await fixture.desk.agents(page: token, limit: 2)
            logins += page.agents.map(\.login)
            token = page.nextPage
        } while token != nil
        #expect(logins == ["Al", "Bo", "Cy", "Zoë", "Äda"])
        await #expect(throws: QueryError.invalidPage) {
            try await fixture.desk.agents(page: Data([0xFF]), limit: 2)
        }
        await fixture.desk.stop()
    }

    @Test(
        "A snapshot's pages share one cursor, from which the feed goes on",
        arguments: StoreKind.allCases
    )
    func snapshot(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let bo = await fixture.agent("Bo")
        var contacts: [Principal] = []
        for index in 0..<5 {
            let contact = await fixture.guest("c\(index)")
            _ = await fixture.conversation(of: contact)
            contacts.append(contact)
        }
        let first = try await fixture.desk.snapshot(for: bo, page: nil, limit: 2)
        _ = await fixture.post(
            "later",
            in: try #require(first.situations[0].conversation?.id),
            as: contacts[0]
        )
        var found = first.situations.count
        var token = first.nextPage
        while token != nil {
            let page = try await fixture.desk.snapshot(for: bo, page: token, limit: 2)
            #expect(page.asOf == first.asOf)
            found += page.situations.count
            token = page.nextPage
        }
        #expect(found == 5)
        #expect(first.asOf == FeedCursor(epoch: Epoch(7), offset: 6))
        let own = try await fixture.desk.snapshot(for: contacts[3], page: nil, limit: 9)
        #expect(own.situations.map(\.conversation?.contact.name) == ["c3"])
        let partner = Principal(.partner(fixture.id()), name: "p")
        let nothing = try await fixture.desk.snapshot(for: partner, page: nil, limit: 9)
        #expect(nothing.situations.isEmpty)
        await fixture.desk.stop()
    }
}
