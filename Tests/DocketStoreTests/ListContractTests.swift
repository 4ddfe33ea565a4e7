import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// Which requests every store lists, run over every store.
@Suite("The store's contract for lists of requests")
struct ListContractTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A store with requests of every combination, changed after they were opened as well.
    private struct Filled {
        let store: any Store
        let requests: [SupportRequest]
        let agents: [Agent]
        let conversations: [Conversation]
    }

    private static let statuses: [(key: StatusKey, category: StatusCategory)] = [
        ("new", .new), ("assigned", .open), ("in_progress", .open), ("waiting", .waiting),
        ("closed", .closed),
    ]

    private func fill(_ kind: StoreKind, count: Int, seed: UInt64) throws -> Filled {
        let store = try kind.open(in: directory)
        var random = SeededGenerator(seed: seed)
        let agents = ["Ann", "Ben"].map {
            Agent(id: .init(at: Self.now, random: &random), name: $0)
        }
        let contacts = ["Ada", "Eve", "Kim"].map {
            Contact(id: .init(at: Self.now, random: &random), name: $0)
        }
        let places = contacts.flatMap { contact in ["chat", "bridge"].map { (contact, $0) } }
        let conversations = places.dropLast().map { contact, channel in
            Conversation(
                id: .init(at: Self.now, random: &random),
                contact: contact,
                channel: channel,
                newestRequest: nil
            )
        }
        try insert(agents, contacts, conversations, in: store)
        var requests: [SupportRequest] = []
        for number in 1...UInt64(count) {
            let place = Int.random(in: 0..<conversations.count, using: &random)
            let conversation = conversations[place]
            let opened = Self.request(number, in: conversation, using: &random)
            var changed = opened
            let status = Self.statuses[Int.random(in: 0..<Self.statuses.count, using: &random)]
            changed.status = status.key
            changed.category = status.category
            changed.assignee = [nil, agents[0], agents[1]].randomElement(using: &random) ?? nil
            changed.version = 2
            let last = changed
            try store.transact { transaction throws(StoreError) in
                try transaction.insert(opened, openedAt: 1)
                try transaction.update(last, from: opened)
            }
            requests.append(changed)
        }
        return Filled(
            store: store,
            requests: requests,
            agents: agents,
            conversations: Array(conversations)
        )
    }

    private func insert(
        _ agents: [Agent],
        _ contacts: [Contact],
        _ conversations: some Sequence<Conversation>,
        in store: any Store
    ) throws {
        let people =
            agents.map {
                PrincipalRecord(
                    id: PrincipalID($0.id),
                    name: $0.name,
                    details: .agent(.agent, login: $0.name, passwordHash: "h")
                )
            }
            + contacts.map {
                PrincipalRecord(
                    id: PrincipalID($0.id),
                    name: $0.name,
                    details: .guest(secret: DeskFixture.digest(Data($0.name.utf8)))
                )
            }
        try store.transact { transaction throws(StoreError) in
            for person in people { try transaction.insert(person, at: Self.now) }
            for conversation in conversations {
                let offset = try transaction.position().head + 1
                try transaction.insert(conversation, openedAt: offset)
                _ = try transaction.append(Data(), to: conversation.id, audience: .conversation)
            }
        }
    }

    private static func request(
        _ number: UInt64,
        in conversation: Conversation,
        using random: inout SeededGenerator
    ) -> SupportRequest {
        SupportRequest(
            id: .init(at: now, random: &random),
            number: number,
            conversation: conversation.id,
            contact: conversation.contact,
            channel: conversation.channel,
            previous: nil,
            openedAt: now,
            status: "new",
            category: .new,
            statusSince: now,
            assignee: nil,
            version: 1,
            versionForContact: 1,
            sequence: 0,
            noteSequence: 0,
            changedAt: now,
            changedForContactAt: now,
            description: "d",
            session: nil,
            sessionCount: 0,
            details: RequestDetails(
                kind: .chat,
                origin: .line,
                openedBy: conversation.contact.party
            )
        )
    }

    @Test(
        "A list has what waits, is live, or is about what it names",
        arguments: StoreKind.allCases
    )
    func details(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        var random = SeededGenerator(seed: 9)
        let contact = Contact(id: ContactID(at: Self.now, random: &random), name: "Ada")
        let conversation = Conversation(
            id: .init(at: Self.now, random: &random),
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        try insert([], [contact], [conversation], in: store)
        try store.transact { transaction throws(StoreError) in
            for number in UInt64(1)...6 {
                let opened = Self.request(number, in: conversation, using: &random)
                try transaction.insert(opened, openedAt: 1)
                try transaction.update(Self.detailed(opened), from: opened)
            }
        }
        let filters: [(numbers: [UInt64], change: (inout RequestFilter) -> Void)] = [
            ([1, 2, 3, 4, 5, 6], { _ in }), ([2, 4, 6], { $0.isWaitingOnly = true }),
            ([3, 6], { $0.isLiveOnly = true }), ([1, 2], { $0.topics = ["a"] }),
            ([1, 2, 3, 4], { $0.topics = ["a", "b"] }), ([1], { $0.types = ["t1"] }),
            ([5, 6], { $0.priorities = ["p5", "p6"] }), ([4, 5, 6], { $0.tags = ["late"] }),
            ([6], { $0.tags = ["late", "six"] }), ([], { $0.tags = ["none"] }),
        ]
        for (numbers, change) in filters {
            var filter = RequestFilter(limit: 9)
            change(&filter)
            #expect(try self.numbers(filter, in: store) == numbers)
        }
        let turns = try page(RequestFilter(limit: 9), of: store).requests.map(\.turn)
        #expect(turns[0] == nil)
        #expect(turns[1] == Turn(lastAuthor: .contact, waitingSince: Self.now))
        #expect(turns[2] == Turn(lastAuthor: .agent, waitingSince: nil))
    }

    /// A request with details that follow from its number.
    private static func detailed(_ opened: SupportRequest) -> SupportRequest {
        let number = opened.number
        var request = opened
        request.details.topic = number < 3 ? "a" : number < 5 ? "b" : nil
        request.details.type = "t\(number)"
        request.details.priority = "p\(number)"
        request.details.tags = (number > 3 ? ["late"] : []) + (number == 6 ? ["six"] : [])
        if number > 1 {
            request.turn =
                number.isMultiple(of: 2)
                ? Turn(lastAuthor: .contact, waitingSince: now)
                : Turn(lastAuthor: .agent, waitingSince: nil)
        }
        if number.isMultiple(of: 3) {
            request.session = LiveSession(ordinal: 1, lastAuthor: .contact, lastMessageAt: now)
            request.sessionCount = 1
        }
        return request
    }

    private func page(_ filter: RequestFilter, of store: any Store) throws -> ListedRequests {
        try store.read { reading throws(StoreError) in try reading.requests(filter) }
    }

    private func numbers(_ filter: RequestFilter, in store: any Store) throws -> [UInt64] {
        try page(filter, of: store).requests.map(\.number)
    }

    /// All pages of a list, each of which has to bring it on.
    private func pages(_ first: RequestFilter, of store: any Store) throws -> [[UInt64]] {
        var filter = first
        var pages: [[UInt64]] = []
        while true {
            let page = try page(filter, of: store)
            #expect(page.requests.count <= filter.limit)
            pages.append(page.requests.map(\.number))
            guard let next = page.continuesAfter else { return pages }
            #expect(filter.reaches(next), "a page brings the list on")
            #expect(page.requests.allSatisfy { $0.number == next || !isBehind($0, next, filter) })
            filter.afterNumber = next
        }
    }

    /// Whether a request would be on a later page.
    private func isBehind(
        _ request: SupportRequest,
        _ number: UInt64,
        _ filter: RequestFilter
    ) -> Bool {
        var later = filter
        later.afterNumber = number
        return later.reaches(request.number)
    }

    /// One filter of every kind, and some that name several things.
    private func filters(_ filled: Filled) -> [RequestFilter] {
        let conversation = filled.conversations[2]
        let agent = filled.agents[0].id
        return [
            RequestFilter(limit: 7), RequestFilter(categories: [.open], limit: 7),
            RequestFilter(categories: [.new, .closed], limit: 7),
            RequestFilter(ownership: .agent(agent), limit: 7),
            RequestFilter(ownership: .none, limit: 7),
            RequestFilter(categories: [.open, .new], ownership: .none, limit: 7),
            RequestFilter(limit: 7, statuses: ["assigned"]),
            RequestFilter(limit: 7, statuses: ["assigned", "closed", "assigned"]),
            RequestFilter(limit: 7, contact: conversation.contact.id),
            RequestFilter(limit: 7, conversation: conversation.id),
            RequestFilter(limit: 7, channel: "bridge"),
            RequestFilter(categories: [.closed], limit: 7, channel: "chat"),
            RequestFilter(ownership: .none, limit: 7, statuses: ["waiting"], channel: "chat"),
            RequestFilter(
                categories: [.open],
                ownership: .agent(agent),
                limit: 7,
                statuses: ["in_progress"],
                contact: conversation.contact.id,
                conversation: conversation.id,
                channel: conversation.channel
            ),
            RequestFilter(categories: [.closed], limit: 7, statuses: ["new"]),
            RequestFilter(limit: 7, statuses: ["absent"]),
            RequestFilter(limit: 7, channel: "absent"),
            RequestFilter(limit: 7, contact: ContactID(agent)),
            RequestFilter(limit: 7, conversation: ConversationID(agent)),
        ]
    }

    @Test(
        "Every list has exactly what its filter names, in either order, page by page",
        arguments: StoreKind.allCases
    )
    func lists(kind: StoreKind) throws {
        for seed in seeds(1) {
            let filled = try fill(kind, count: 90, seed: seed)
            for filter in filters(filled) {
                for order in RequestFilter.Order.allCases {
                    var filter = filter
                    filter.order = order
                    let all = filled.requests.filter(filter.includes).map(\.number)
                    let expected = order == .oldestFirst ? all : all.reversed()
                    let found = try pages(filter, of: filled.store)
                    #expect(found.flatMap(\.self) == expected, "\(filter), seed \(seed)")
                    let short = found.dropLast().filter { $0.count < filter.limit }
                    #expect(short.isEmpty, "without a bound only the last page is short")
                }
            }
        }
    }

    @Test(
        "Whatever bound a page has, the list has every request of its filter once, in order",
        arguments: StoreKind.allCases
    )
    func bounds(kind: StoreKind) throws {
        for seed in seeds(1) {
            let filled = try fill(kind, count: 90, seed: seed)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<150 {
                let filter = randomFilter(filled, &random)
                let all = filled.requests.filter(filter.includes).map(\.number)
                let expected = filter.order == .oldestFirst ? all : all.reversed()
                let found = try pages(filter, of: filled.store).flatMap(\.self)
                #expect(found == expected, "\(filter), seed \(seed)")
            }
        }
    }

    private func randomFilter(
        _ filled: Filled,
        _ random: inout SeededGenerator
    ) -> RequestFilter {
        let conversation = filled.conversations.randomElement(using: &random)
        let owners: [RequestFilter.Ownership] = [
            .any, .any, .none, .agent(filled.agents[0].id), .agent(filled.agents[1].id),
        ]
        let happens = { (random: inout SeededGenerator) in
            Int.random(in: 0..<4, using: &random) == 0
        }
        return RequestFilter(
            categories: Self.statuses.filter { _ in happens(&random) }.map(\.category),
            ownership: owners.randomElement(using: &random) ?? .any,
            limit: Int.random(in: 1...6, using: &random),
            statuses: Self.statuses.filter { _ in happens(&random) }.map(\.key),
            contact: happens(&random) ? conversation?.contact.id : nil,
            conversation: happens(&random) ? conversation?.id : nil,
            channel: happens(&random) ? conversation?.channel : nil,
            order: RequestFilter.Order.allCases.randomElement(using: &random) ?? .oldestFirst,
            examined: Int.random(in: 1...12, using: &random)
        )
    }

    @Test(
        "A page ends at the last request that it may look at, and the list only behind the last",
        arguments: StoreKind.allCases
    )
    func lastLook(kind: StoreKind) throws {
        let filled = try fill(kind, count: 20, seed: 3)
        let store = filled.store
        for order in RequestFilter.Order.allCases {
            let last: [UInt64] = order == .oldestFirst ? [18, 19, 20] : [3, 2, 1]
            var filter = RequestFilter(limit: 50, order: order)
            filter.examined = 20
            #expect(try page(filter, of: store).continuesAfter == nil)
            filter.examined = 19
            let page = try page(filter, of: store)
            #expect(page.requests.count == 19 && page.continuesAfter == last[1])
            filter.conversation = filled.conversations[0].id
            filter.channel = "absent"
            filter.examined = 1
            let empty = try self.page(filter, of: store)
            let own = filled.requests.filter { $0.conversation == filter.conversation }
            let first = order == .oldestFirst ? own.first : own.last
            #expect(empty.requests.isEmpty && empty.continuesAfter == first?.number)
            filter.examined = 0
            #expect(try self.page(filter, of: store) == empty, "a page looks at one at least")
        }
    }

    @Test("A page that begins at either end of all numbers is one", arguments: StoreKind.allCases)
    func ends(kind: StoreKind) throws {
        let store = try fill(kind, count: 3, seed: 1).store
        var filter = RequestFilter(afterNumber: 0, limit: .max)
        #expect(try numbers(filter, in: store) == [1, 2, 3])
        filter.afterNumber = .max
        #expect(try numbers(filter, in: store).isEmpty)
        filter.order = .newestFirst
        #expect(try numbers(filter, in: store) == [3, 2, 1])
        filter.afterNumber = 0
        #expect(try numbers(filter, in: store).isEmpty)
    }
}
