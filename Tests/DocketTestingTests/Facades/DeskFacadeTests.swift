import DeskSupport
import DocketClient
import DocketPolicy
import Testing

@Suite("The library searches, rules and audits a desk", .timeLimit(.minutes(5)))
struct DeskFacadeTests {
    private let scene: ClientScene

    init() throws { scene = ClientScene(try DeskSubject(.sqlite)) }

    // MARK: Search

    /// Searches when everything that was said is in the index.
    private func find(
        _ query: String,
        in scope: SearchScope = SearchScope(),
        limit: Int = 50,
        page: PageToken? = nil,
        as client: DocketClient
    ) async throws -> SearchPage {
        while true {
            let found = try await client.search.messages(
                query,
                in: scope,
                limit: limit,
                page: page
            )
            if found.indexedUpTo == found.head { return found }
            scene.subject.wake()
            await Task.yield()
        }
    }

    @Test("What was said is found, the newest first, page by page, and where it is looked for")
    func search() async throws {
        let (guest, agent) = (try await scene.guest("Ana"), try await scene.agent())
        let chat = try await guest.openConversation(channel: "chat")
        guard case .posted(let first) = try await chat.post("My parcel is late"),
            case .posted(let second) = try await chat.post("The parcel is here")
        else { return try #require(Bool(false)) }
        let offset = try await agent.requests.note("a parcel", on: first.requestID)
        let page = try await find("parcel", limit: 2, as: agent)
        #expect(page.hits.items.map(\.kind) == [.note, .message])
        #expect(page.hits.items.map(\.offset) == [offset, second.offset])
        let next = try #require(page.hits.next)
        let last = try await find("parcel", limit: 2, page: next, as: agent)
        let hit = try #require(last.hits.items.first)
        #expect(last.hits.items.count == 1 && last.hits.next == nil)
        #expect(hit.offset == first.offset && hit.author.name == "Ana" && hit.sequence == 1)
        #expect(hit.requestID == first.requestID && hit.requestNumber == first.requestNumber)
        #expect(hit.conversationID == chat.id && hit.contact?.name == "Ana")
        #expect(hit.snippet == "My parcel is late" && hit.category == .new)
        var scope = SearchScope()
        scope.statuses = [hit.status]
        scope.channel = "chat"
        scope.from = hit.at
        #expect(try await find("parcel", in: scope, as: agent).hits.items.count == 3)
        scope.until = hit.at
        #expect(try await find("parcel", in: scope, as: agent).hits.items == [])
        #expect(try await find("weather", as: agent).hits.items == [])
    }

    @Test("A query without a term is refused, and so is every query of a customer")
    func searchRefusals() async throws {
        let (guest, agent) = (try await scene.guest("Ana"), try await scene.agent())
        let (own, agents) = (guest.search, agent.search)
        let reasons = [
            await refusal { () async throws(DocketClientError) in try await agents.messages("…") },
            await refusal { () async throws(DocketClientError) in try await own.messages("it") },
        ]
        #expect(reasons == ["invalid_argument", "not_found"])
    }

    // MARK: Policies

    @Test("A policy is checked, applied over the one that was seen, and kept for ever")
    func policies() async throws {
        let policies = try await scene.administrator().policies
        try await policies.apply(PolicyDocument.defaultText)
        let inForce = try await policies.get()
        #expect(inForce.version.version == 1 && inForce.text == PolicyDocument.defaultText)
        #expect(try await policies.check(inForce.text) == [])
        let faults = try await policies.check("format: none\n")
        #expect(!faults.isEmpty && faults.allSatisfy { !$0.rule.isEmpty })
        let changed = "# by hand\n" + inForce.text
        let receipt = try await policies.apply(changed, expecting: 1)
        #expect(receipt.version == 2 && receipt.offset > inForce.version.offset)
        #expect(try await policies.get().text == changed)
        #expect(try await policies.get(1) == inForce)
        let stale = await refusal { () async throws(DocketClientError) in
            try await policies.apply(inForce.text, expecting: 1)
        }
        let invalid = await refusal { () async throws(DocketClientError) in
            try await policies.apply("format: none\n")
        }
        let absent = await refusal { () async throws(DocketClientError) in
            try await policies.get(9)
        }
        #expect([stale, invalid, absent] == ["version_conflict", "policy_invalid", "not_found"])
        let page = try await policies.history(limit: 1)
        #expect(page.items.map(\.version) == [2])
        #expect(page.items[0].appliedBy?.name == "root" && page.items[0].offset == receipt.offset)
        let next = try #require(page.next)
        let rest = try await policies.history(limit: 1, page: next)
        #expect(rest.items.map(\.version) == [1] && rest.next == nil)
    }

    @Test("An agent reads policies and applies none")
    func policyCallers() async throws {
        let (agent, guest) = (try await scene.agent(), try await scene.guest())
        try await scene.administrator().policies.apply(PolicyDocument.defaultText)
        let text = try await agent.policies.get().text
        let (agents, guests) = (agent.policies, guest.policies)
        let reasons = [
            await refusal { () async throws(DocketClientError) in try await agents.apply(text) },
            await refusal { () async throws(DocketClientError) in try await agents.check(text) },
            await refusal { () async throws(DocketClientError) in try await guests.get() },
        ]
        #expect(reasons == ["not_found", "not_found", "not_found"])
    }

    // MARK: Audit

    @Test("The log tells who did what, of everything and of one request")
    func audit() async throws {
        let (guest, root) = (try await scene.guest("Ana"), try await scene.administrator())
        let chat = try await guest.openConversation(channel: "chat")
        guard case .posted(let receipt) = try await chat.post("It prints blank pages") else {
            return try #require(Bool(false))
        }
        let number = receipt.requestNumber
        let page = try await root.audit.list(requestNumber: number)
        let message = try #require(page.entries.first { $0.offset == receipt.offset }?.event)
        #expect(message.actor?.name == "Ana" && message.way == .call)
        guard case .messagePosted(let posted) = message.fact else {
            return try #require(Bool(false))
        }
        #expect(posted.text == "It prints blank pages" && !page.hasMore)
        let first = try await root.audit.list(limit: 1)
        #expect(first.entries.count == 1 && first.hasMore)
        let second = try await root.audit.list(after: first.upTo, limit: 200)
        #expect(second.entries.allSatisfy { $0.offset > first.upTo } && !second.hasMore)
        #expect(second.entries.contains { $0.offset == receipt.offset })
    }

    @Test("A log that nobody altered is verified to its end")
    func verification() async throws {
        let root = try await scene.administrator()
        var steps: [AuditStep] = []
        for try await step in root.audit.verify() { steps.append(step) }
        guard case .concluded(let conclusion) = try #require(steps.last) else {
            return try #require(Bool(false))
        }
        #expect(conclusion.findings == 0 && conclusion.value.count == 32)
        #expect(conclusion.entries >= 1 && conclusion.head >= conclusion.entries)
        #expect(steps.allSatisfy { if case .found = $0 { false } else { true } })
    }

    @Test("A supervisor lists the log and does not verify it; an agent does neither")
    func auditCallers() async throws {
        let (supervisor, agent) = (try await scene.supervisor(), try await scene.agent())
        #expect(try await !supervisor.audit.list().entries.isEmpty)
        for audit in [supervisor.audit, agent.audit] {
            let reason = await refusal { () async throws(DocketClientError) in
                for try await _ in audit.verify() {}
            }
            #expect(reason == "not_found")
        }
        let audit = agent.audit
        let reason = await refusal { () async throws(DocketClientError) in
            try await audit.list()
        }
        #expect(reason == "not_found")
    }

    // MARK: Sessions

    @Test("An agent changes its own password, which ends its other sessions")
    func password() async throws {
        let agent = try await scene.agent("bo")
        let other = try await scene.signIn("bo")
        let described = try await agent.sessions.describe()
        #expect(described.identity.party.name == "bo" && described.identity.role == .agent)
        #expect(described.expiresIn > .zero)
        let sessions = agent.sessions
        let wrong = await refusal { () async throws(DocketClientError) in
            try await sessions.changePassword(from: "battery", to: "battery staple")
        }
        #expect(wrong == "wrong_password")
        let ended = try await sessions.changePassword(
            from: DeskSubject.password,
            to: "battery staple"
        )
        #expect(ended == 1)
        #expect(try await sessions.describe().identity.party.name == "bo")
        _ = try await scene.signIn("bo", password: "battery staple")
        other.close()
    }

    @Test("Signing out ends the session on the server and closes the client")
    func signOut() async throws {
        let root = try await scene.administrator()
        let agent = try await scene.agent("bo")
        let id = try #require(agent.identity?.party.id)
        try await agent.sessions.signOut()
        #expect(try await root.administration.revokeSessions(of: id) == 0)
        let sessions = agent.sessions
        let reason = await refusal { () async throws(DocketClientError) in
            try await sessions.describe()
        }
        #expect(reason == "closed")
    }
}
