import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("What agents do with requests, and what they are told when they may not")
struct RequestTests {
    private let fixture: ServiceFixture

    init() throws {
        fixture = try ServiceFixture()
    }

    /// A conversation with one request.
    private func request() async throws -> (guest: Person, conversation: Data, request: Data) {
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        return (guest, conversation, request)
    }

    @Test("Requests are listed by status, assignee, contact and channel, also the newest first")
    func lists() async throws {
        let agent = try await fixture.agent("Ann")
        var made: [(guest: Person, conversation: Data, request: Data)] = []
        for _ in 0..<4 { made.append(try await request()) }
        try await agent.take(made[1].request)
        try await agent.take(made[2].request)
        try await agent.finish(made[2].request)
        let list = { (describe: (inout Docket_V1_ListRequestsCall) -> Void) in
            var call = Docket_V1_ListRequestsCall()
            describe(&call)
            return try await agent.requests.list(call).requests.map(\.number)
        }
        #expect(try await list { _ in } == [1, 2, 4])
        #expect(try await list { $0.newestFirst = true } == [4, 2, 1])
        #expect(try await list { $0.statuses = ["resolved", "assigned"] } == [2, 3])
        #expect(try await list { $0.assigneeID = agent.id } == [2])
        #expect(try await list { $0.contactID = made[2].guest.id } == [3], "also what has ended")
        #expect(try await list { $0.conversationID = made[3].conversation } == [4])
        #expect(try await list { $0.channel = "bridge" }.isEmpty)
        #expect(try await list { $0.channel = "chat" } == [1, 2, 4])
        var call = Docket_V1_ListRequestsCall()
        call.newestFirst = true
        call.limit = 2
        let first = try await agent.requests.list(call)
        call.page = first.nextPage
        let second = try await agent.requests.list(call)
        #expect((first.requests + second.requests).map(\.number) == [4, 2, 1])
        #expect(second.nextPage.isEmpty)
    }

    @Test("Of two agents who take a request at once one wins, and the other is told who has it")
    func race() async throws {
        let (_, _, request) = try await request()
        let agents = [try await fixture.agent("Ann"), try await fixture.agent("Ben")]
        let errors = await withTaskGroup(of: RPCError?.self) { tasks in
            for agent in agents {
                tasks.addTask {
                    await refusal { () async throws(RPCError) in try await agent.take(request) }
                }
            }
            return await tasks.reduce(into: [RPCError?]()) { $0.append($1) }
        }
        let lost = try #require(errors.compactMap(\.self).first)
        #expect(errors.count { $0 == nil } == 1)
        #expect(lost.reason == .alreadyAssigned)
        let winner = try await agents[0].get(request).assignee
        #expect(lost.message.contains(winner.name))
    }

    @Test("A command that expects another version is refused with the present one")
    func versions() async throws {
        let (guest, conversation, request) = try await request()
        let agent = try await fixture.agent("agent")
        let version = try await agent.get(request).version
        for expected in [0, version - 1, version + 1, UInt64.max] {
            let taken = await refusal { () async throws(RPCError) in
                try await agent.take(request, expecting: expected)
            }
            #expect(taken?.reason == .versionConflict)
            #expect(taken?.trailer("version") == "\(version)")
            let posted = await refusal { () async throws(RPCError) in
                try await guest.post("more", in: conversation, expecting: expected)
            }
            #expect(posted == taken)
        }
        let taken = try await agent.take(request, expecting: version)
        #expect(taken.request.version > version)
        try await guest.post("more", in: conversation, expecting: taken.request.version)
    }

    @Test("A status that cannot follow is refused with those that can")
    func transitions() async throws {
        let (_, _, request) = try await request()
        let agent = try await fixture.agent("agent")
        try await agent.take(request)
        let assigned = await refusal { () async throws(RPCError) in
            try await agent.finish(request, as: "new")
        }
        #expect(assigned?.reason == .invalidTransition)
        #expect(assigned?.trailer("allowed") == "resolved,waiting,closed")
        let unknown = await refusal { () async throws(RPCError) in
            try await agent.finish(request, as: "lost")
        }
        #expect(unknown?.reason == .unknownStatus)
        #expect(try await agent.finish(request).request.status == "resolved")
        let again = await refusal { () async throws(RPCError) in
            try await agent.finish(request)
        }
        #expect(again?.reason == .invalidTransition)
        #expect(again?.trailer("allowed") == "closed")
    }

    @Test("Only its agent and supervisors give a request away or finish it")
    func ownership() async throws {
        let (_, conversation, request) = try await request()
        let holder = try await fixture.agent("holder")
        let other = try await fixture.agent("other")
        let supervisor = try await fixture.agent("supervisor", .supervisor)
        try await holder.take(request)
        let refusals = [
            await refusal { () async throws(RPCError) in try await other.finish(request) },
            await refusal { () async throws(RPCError) in
                try await other.assign(request, to: other.id)
            },
        ]
        #expect(refusals.allSatisfy { $0?.reason == .notAssignee })
        let answer = await refusal { () async throws(RPCError) in
            try await other.post("hello", in: conversation)
        }
        #expect(answer?.reason == .notAssignee)
        try await supervisor.post("hello", in: conversation)
        let moved = try await supervisor.assign(request, to: other.id).request
        #expect(moved.assignee.id == other.id)
        let unchanged = await refusal { () async throws(RPCError) in
            try await supervisor.assign(request, to: other.id)
        }
        #expect(unchanged?.reason == .noChange)
        let nobody = fixture.newID
        let unknown = await refusal { () async throws(RPCError) in
            try await supervisor.assign(request, to: nobody)
        }
        #expect(unknown?.reason == .notFound)
        #expect(
            try await supervisor.finish(request, as: "closed").request.category == .categoryClosed
        )
    }

    @Test(
        "A closed request takes no agent and no answer, and the customer's next word opens another"
    )
    func closed() async throws {
        let (guest, conversation, request) = try await request()
        let agent = try await fixture.agent("agent")
        try await agent.take(request)
        try await agent.finish(request, as: "closed")
        let taken = await refusal { () async throws(RPCError) in try await agent.take(request) }
        #expect(taken?.reason == .requestNotOpen)
        let answered = await refusal { () async throws(RPCError) in
            try await agent.post("hello", in: conversation)
        }
        #expect(answered?.reason == .requestNotOpen)
        let next = try await guest.post("again", in: conversation)
        #expect(next.requestID != request && next.sequence == 1)
        let history = try await agent.history(of: conversation)
        let opened = history.entries.last { $0.event.requestOpened != .init() }
        #expect(opened?.event.requestOpened.previousRequestID == request)
    }

    @Test("An unknown channel is refused, also for a key")
    func channels() async throws {
        let guest = try await fixture.guest()
        let opened = await refusal { () async throws(RPCError) in try await guest.open(on: "fax") }
        #expect(opened?.reason == .unknownChannel)
        let administrator = try await fixture.agent("administrator", .administrator)
        let key = await refusal { () async throws(RPCError) in
            try await administrator.administration.createKey(
                .with {
                    $0.header = administrator.header()
                    $0.kind = .principalIntegration
                    $0.name = "Fax"
                    $0.channel = "fax"
                }
            )
        }
        #expect(key?.reason == .unknownChannel)
    }

    @Test("The list is paged, filtered and in the order of numbers")
    func list() async throws {
        let agent = try await fixture.agent("agent")
        var requests: [Data] = []
        for _ in 0..<7 { requests.append(try await request().request) }
        try await agent.take(requests[2])
        try await agent.take(requests[4])
        try await agent.finish(requests[4], as: "closed")
        #expect(try await listed(by: agent) == [0, 1, 2, 3, 5, 6].map { requests[$0] })
        #expect(try await listed(by: agent) { $0.ownership = .mine } == [requests[2]])
        #expect(
            try await listed(by: agent) { $0.ownership = .none }
                == [0, 1, 3, 5, 6].map { requests[$0] }
        )
        #expect(try await listed(by: agent) { $0.categories = [.categoryClosed] } == [requests[4]])
    }

    @Test(
        "Each kind of caller lists and gets what it may see, and nothing else",
        arguments: StoreKind.allCases
    )
    func visibility(keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let owner = try await fixture.guest("Owner")
        let stranger = try await fixture.guest("Stranger")
        let agent = try await fixture.agent("agent")
        let chat = try await owner.post("help", in: try await owner.open()).requestID
        let ticket = try await agent.create(for: owner.id) { $0.channel = "phone" }.request.id
        let hidden = try await agent.create(for: owner.id) { $0.isInternal = true }.request.id
        let ended = try await stranger.post("hi", in: try await stranger.open()).requestID
        try await agent.take(ended)
        try await agent.finish(ended, as: "closed")
        let chats = try await fixture.keyHolder("Chat", channel: "chat")
        let calls = try await fixture.keyHolder("Phone", channel: "phone")
        let seen: [(who: Person, active: Set<Data>, ended: Set<Data>)] = [
            (owner, [chat, ticket], []), (stranger, [], [ended]), (chats, [chat], [ended]),
            (calls, [ticket], []), (agent, [chat, ticket, hidden], [ended]),
        ]
        for (who, active, closed) in seen {
            #expect(Set(try await listed(by: who)) == active)
            let inClosed = try await listed(by: who) { $0.categories = [.categoryClosed] }
            #expect(Set(inClosed) == closed)
            for request in [chat, ticket, hidden, ended] {
                let number = try await agent.get(request).number
                let answers = [
                    await refusal { () async throws(RPCError) in try await who.get(request) },
                    await refusal { () async throws(RPCError) in
                        try await who.requests.get(.with { $0.number = number })
                    },
                ]
                let isSeen = active.union(closed).contains(request)
                #expect(answers.allSatisfy { ($0 == nil) == isSeen }, "\(number)")
                #expect(answers.allSatisfy { $0 == nil || $0?.reason == .notFound })
            }
        }
    }

    @Test("A contact's or an integration's list goes no further than it may see, whatever is named")
    func narrowedLists() async throws {
        let (owner, conversation, request) = try await request()
        let (stranger, _, other) = try await self.request()
        let bridge = try await fixture.keyHolder("Bridge", channel: "bridge")
        #expect(try await listed(by: owner) { $0.contactID = owner.id } == [request])
        #expect(try await listed(by: owner) { $0.contactID = stranger.id }.isEmpty)
        #expect(try await listed(by: owner) { $0.conversationID = conversation } == [request])
        #expect(try await listed(by: stranger) { $0.conversationID = conversation }.isEmpty)
        #expect(try await listed(by: stranger) { $0.ownership = .mine } == [other])
        #expect(try await listed(by: bridge).isEmpty)
        #expect(try await listed(by: bridge) { $0.channel = "chat" }.isEmpty)
        #expect(try await listed(by: bridge) { $0.contactID = owner.id }.isEmpty)
    }

    @Test("What is internal takes no place on a contact's pages")
    func pagesWithoutInternal() async throws {
        let owner = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        var visible: [Data] = []
        for index in 0..<12 {
            let isInternal = !index.isMultiple(of: 4)
            let made = try await agent.create(for: owner.id) {
                $0.kind = .kindTicket
                $0.isInternal = isInternal
            }
            if !isInternal { visible.append(made.request.id) }
        }
        var call = Docket_V1_ListRequestsCall()
        call.limit = 2
        let first = try await owner.requests.list(call)
        #expect(first.requests.map(\.id) == Array(visible.prefix(2)))
        #expect(try await listed(by: owner) == visible)
    }

    @Test("A contact reads its request as contacts see it")
    func contactView() async throws {
        let (owner, _, request) = try await request()
        let agent = try await fixture.agent("agent")
        try await agent.take(request)
        try await agent.edit(request, [.with { $0.addTag = "vip" }])
        try await agent.finish(request, as: "waiting")
        let seen = try await owner.get(request)
        #expect(seen.status == "waiting" && seen.statusName == "Waiting for you")
        #expect(seen.details.tags.isEmpty)
        #expect(seen.waitingSinceMilliseconds == 0 && seen.lastAuthor == .unspecified)
        let listed = try await owner.requests.list(Docket_V1_ListRequestsCall()).requests
        #expect(listed == [seen])
        let staff = try await agent.get(request)
        #expect(staff.details.tags == ["vip"] && staff.statusName != seen.statusName)
        #expect(staff.lastAuthor == .principalContact)
    }

    @Test("The staff sees since when a contact waits, and lists those who do")
    func waiting() async throws {
        let (owner, conversation, request) = try await request()
        let agent = try await fixture.agent("agent")
        let since = fixture.clock.now().milliseconds
        #expect(try await agent.get(request).waitingSinceMilliseconds == since)
        #expect(try await listed(by: agent) { $0.waitingOnly = true } == [request])
        fixture.clock.advance(by: .seconds(9))
        try await owner.post("Hello?", in: conversation)
        #expect(try await agent.get(request).waitingSinceMilliseconds == since)
        try await agent.post("One moment", in: conversation)
        #expect(try await agent.get(request).waitingSinceMilliseconds == 0)
        #expect(try await agent.get(request).lastAuthor == .principalAgent)
        #expect(try await listed(by: agent) { $0.waitingOnly = true }.isEmpty)
        #expect(try await listed(by: agent) { $0.liveOnly = true } == [request])
    }

    /// The ids of all pages, three requests each.
    private func listed(
        by agent: Person,
        _ filter: (inout Docket_V1_ListRequestsCall) -> Void = { _ in }
    ) async throws -> [Data] {
        var call = Docket_V1_ListRequestsCall()
        filter(&call)
        call.limit = 3
        var ids: [Data] = []
        while true {
            let reply = try await agent.requests.list(call)
            #expect(reply.requests.count <= 3)
            ids += reply.requests.map(\.id)
            guard !reply.nextPage.isEmpty else { return ids }
            call.page = reply.nextPage
        }
    }
}
