import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("The desk's search", .timeLimit(.minutes(5)))
struct SearchTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Searches when everything that was said is in the index.
    private func search(
        _ text: String,
        _ filter: SearchFilter = SearchFilter(),
        in fixture: DeskFixture,
        limit: Int = 50
    ) async throws -> SearchPage {
        let query = try SearchQuery(text)
        while true {
            let page = try await fixture.desk.search(query, filter, page: nil, limit: limit)
            if page.indexedUpTo == fixture.desk.position.head { return page }
            fixture.desk.wake()
            await Task.yield()
        }
    }

    @Test(
        "What was said is found when the desk has had a quiet moment, with where it was said",
        arguments: StoreKind.allCases
    )
    func hits(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory), fillsIndex: true)
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "Where is my parcel?", in: conversation, as: ada)
        )
        _ = await fixture.post("Your Pàrcel is on its way", in: conversation, as: bo)
        let note = PostNote(id: fixture.id(), request: request, text: "parcel lost")
        _ = await fixture.ask(.postNote(note), as: bo)
        let page = try await search("PARCEL", in: fixture)
        #expect(page.hits.map(\.kind) == [.note, .message, .message])
        #expect(page.hits.map(\.sequence) == [1, 2, 1])
        #expect(page.hits.map(\.author) == [bo.party, bo.party, ada.party])
        #expect(page.hits.map(\.snippet).last == "Where is my parcel?")
        #expect(page.hits.allSatisfy { $0.request.id == request && $0.request.number == 1 })
        #expect(page.hits.allSatisfy { $0.conversation == conversation })
        #expect(page.hits.allSatisfy { $0.at == fixture.clock.now() })
        let log = try fixture.log()
        for hit in page.hits {
            #expect(log.contains { $0.entry.offset == hit.offset && $0.event.at == hit.at })
        }
        #expect(page.nextPage == nil)
        #expect(page.head == fixture.desk.position.head)
        await fixture.desk.stop()
    }

    @Test(
        "After a split and a merge a hit names the request that has the message, and its place",
        arguments: StoreKind.allCases
    )
    func movedHits(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory), fillsIndex: true)
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "word one", in: conversation, as: ada)
        )
        _ = await fixture.ask(.take(request), as: bo)
        for text in ["word two", "word three"] {
            _ = await fixture.post(text, in: conversation, as: ada)
        }
        let note = PostNote(id: fixture.id(), request: request, text: "word four")
        _ = await fixture.ask(.postNote(note), as: bo)
        let places = { () async throws -> [String] in
            let hits = try await search("word", in: fixture).hits
            return hits.map { "\($0.request.number): \($0.sequence) \($0.snippet)" }
        }
        #expect(
            try await places()
                == ["1: 1 word four", "1: 3 word three", "1: 2 word two", "1: 1 word one"]
        )
        let all = try await fixture.desk.messages(of: request, after: 0, limit: 9).messages
        let split = SplitMessages(request: request, messages: [all[1].message.id])
        #expect(await fixture.ask(.splitMessages(split), as: bo).acceptance != nil)
        #expect(
            try await places()
                == ["1: 1 word four", "1: 3 word three", "2: 1 word two", "1: 1 word one"]
        )
        let second = try await fixture.desk.request(number: 2)
        let hits = try await search("two", in: fixture).hits
        #expect(hits.map(\.request) == [second.reference])
        let merge = MergeRequests(request: second.id, other: request)
        #expect(await fixture.ask(.merge(merge), as: bo).acceptance != nil)
        #expect(
            try await places()
                == ["1: 1 word four", "1: 5 word three", "1: 4 word two", "1: 1 word one"]
        )
        #expect(try fixture.store.check().isEmpty)
        await fixture.desk.stop()
    }

    @Test(
        "Requests are found by their titles and by what their contacts are called, then and now",
        arguments: StoreKind.allCases
    )
    func requests(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory), fillsIndex: true)
        let ada = await fixture.guest("Ada Lovelace")
        let bo = await fixture.agent("Bo", .supervisor)
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        let edit = EditRequest(request: request, edits: [.title("Blank pages")])
        #expect(await fixture.ask(.edit(edit), as: bo).acceptance != nil)
        var found = try await search("lovelace", in: fixture).hits
        #expect(found.map(\.kind) == [.request])
        #expect(found.map(\.request.id) == [request])
        #expect(found.map(\.sequence) == [0])
        found = try await search("blank", in: fixture).hits
        #expect(found.map(\.kind) == [.request])
        #expect(found.map(\.title) == ["Blank pages"])
        #expect(found.map(\.contact.name) == ["Ada Lovelace"])
        #expect(found.map(\.author) == [bo.party])
        var contactEdit = ContactEdit()
        try contactEdit.set(name: "Ada King")
        let id = ContactID(try #require(ada.id))
        let renaming = Submission(
            key: Submission.Key(id: fixture.id(), digest: fixture.digest("renaming")),
            principal: bo,
            change: .directory(.contact(.update(id, contactEdit)))
        )
        #expect(await fixture.desk.submit(renaming).acceptance != nil)
        found = try await search("king", in: fixture).hits
        #expect(found.map(\.request.id) == [request])
        await fixture.desk.stop()
    }

    @Test(
        "A search is narrowed by status, channel and time, and shows where a request stands",
        arguments: StoreKind.allCases
    )
    func filters(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.examinedHits = 2
        let store = try kind.open(in: directory)
        let fixture = try DeskFixture(store: store, limits: limits, fillsIndex: true)
        let bo = await fixture.agent("Bo", .supervisor)
        var requests: [RequestID] = []
        for index in 0..<6 {
            let guest = await fixture.guest("G\(index)")
            let conversation = await fixture.conversation(of: guest)
            requests.append(
                try #require(
                    await fixture.request(byPosting: "jam", in: conversation, as: guest)
                )
            )
            fixture.clock.advance(by: .seconds(60))
        }
        #expect(await fixture.ask(.delete(requests[1]), as: bo).acceptance != nil)
        let all = { (change: (inout SearchFilter) -> Void) async throws -> [UInt64] in
            var filter = SearchFilter()
            change(&filter)
            var page = try await search("jam", filter, in: fixture)
            var hits = page.hits
            while let next = page.nextPage {
                page = try await fixture.desk.search(
                    try SearchQuery("jam"),
                    filter,
                    page: next,
                    limit: 50
                )
                hits += page.hits
            }
            #expect(hits.allSatisfy { ($0.category == .deleted) == ($0.request.number == 2) })
            return hits.map(\.request.number)
        }
        #expect(try await all { _ in } == [6, 5, 4, 3, 2, 1])
        #expect(try await all { $0.statuses = ["new"] } == [6, 5, 4, 3, 1])
        #expect(try await all { $0.channel = "mail" } == [])
        #expect(try await all { $0.channel = "chat" } == [6, 5, 4, 3, 2, 1])
        let now = fixture.clock.now()
        let from = Timestamp(milliseconds: now.milliseconds - 180_000)
        #expect(try await all { $0.from = from } == [6, 5, 4])
        #expect(try await all { $0.until = from } == [3, 2, 1])
        await fixture.desk.stop()
    }

    @Test("Hits are given page by page, and a page of another desk is refused")
    func pages() async throws {
        let fixture = try DeskFixture(store: StoreKind.memory.open(in: directory), fillsIndex: true)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        for index in 0..<7 { _ = await fixture.post("again \(index)", in: conversation, as: ada) }
        _ = try await search("again", in: fixture)
        let query = try SearchQuery("again")
        var page = try await fixture.desk.search(query, page: nil, limit: 3)
        var found = page.hits.map(\.snippet)
        while let next = page.nextPage {
            page = try await fixture.desk.search(query, page: next, limit: 3)
            found += page.hits.map(\.snippet)
        }
        #expect(found == (0..<7).reversed().map { "again \($0)" })
        await #expect(throws: QueryError.invalidPage) {
            try await fixture.desk.search(query, page: .init([1, 2, 3]), limit: 3)
        }
        await fixture.desk.stop()
    }

    @Test("A desk that is opened on a store without an index fills it from the log's beginning")
    func takenOver() async throws {
        let store = try StoreKind.sqlite.open(in: directory)
        let before = try DeskFixture(store: store)
        let ada = await before.guest("Ada")
        let conversation = await before.conversation(of: ada)
        for index in 0..<40 { _ = await before.post("old \(index)", in: conversation, as: ada) }
        await before.desk.stop()
        #expect(try store.read { reading throws(StoreError) in try reading.followed(.search) } == 0)
        var limits = DeskLimits()
        limits.followedEntries = 7
        let fixture = try DeskFixture(store: store, limits: limits, fillsIndex: true)
        #expect(try await search("old", in: fixture).hits.count == 40)
        await fixture.desk.stop()
    }

    @Test("A store that takes nothing for a while gets the index afterwards, and the desk goes on")
    func fullDisk() async throws {
        let failing = FailingStore(try StoreKind.memory.open(in: directory))
        let fixture = try DeskFixture(store: failing, fillsIndex: true)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        _ = await fixture.post("hello", in: conversation, as: ada)
        failing.fail(.atBegin(.full))
        #expect(
            await fixture.post("refused", in: conversation, as: ada).unavailability == .diskFull
        )
        failing.fail(nil)
        fixture.clock.advance(by: .seconds(60))
        #expect(try await search("hello", in: fixture).hits.count == 1)
        #expect(fixture.fatalErrors.isEmpty)
        await fixture.desk.stop()
    }
}
