import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketServices
import DocketStore
import Foundation
import Testing

@Suite("Agents are locked out, and passwords are set and changed", .timeLimit(.minutes(5)))
struct LeavingTests {
    private func signsIn(
        _ login: String,
        _ password: String,
        _ fixture: ServiceFixture
    ) async -> Reason? {
        await refusal { () async throws(RPCError) in
            try await fixture.nobody().signingIn(login: login, password: password)
        }?.reason
    }

    @Test(
        "An agent who is locked out has no session left and signs in no more, until unlocked",
        arguments: StoreKind.allCases
    )
    func lock(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        let identity = try await registry.authenticate(token: Array(bob.token))
        #expect(try await chief.lock(bob.id) == 1)
        #expect(!registry.isValid(identity))
        let token = await refusal { () async throws(RPCError) in
            try await registry.authenticate(token: Array(bob.token))
        }
        #expect(token?.reason == .sessionExpired)
        #expect(await signsIn("bob", ServiceFixture.password, fixture) == .agentLocked)
        #expect(await signsIn("bob", "a wrong one", fixture) == .credentialsInvalid)
        let again = await refusal { () async throws(RPCError) in try await chief.lock(bob.id) }
        #expect(again?.reason == .noChange)
        let listed = try await chief.administration.listAgents(Docket_V1_ListAgentsCall()).agents
        #expect(listed.filter(\.isLocked).map(\.login) == ["bob"])
        try await chief.unlock(bob.id)
        #expect(await signsIn("bob", ServiceFixture.password, fixture) == nil)
        let twice = await refusal { () async throws(RPCError) in try await chief.unlock(bob.id) }
        #expect(twice?.reason == .noChange)
    }

    @Test(
        "What a locked agent said and has stays its own, and it is given nothing new",
        arguments: StoreKind.allCases
    )
    func work(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        try await bob.take(request)
        try await bob.post("at once", in: conversation)
        try await chief.lock(bob.id)
        #expect(try await chief.get(request).assignee.name == "bob")
        let names = try await chief.history(of: conversation).entries.map(\.event.actor.name)
        #expect(names.contains("bob"))
        try await chief.assign(request, to: chief.id)
        let back = await refusal { () async throws(RPCError) in
            try await chief.assign(request, to: bob.id)
        }
        #expect(back?.reason == .notFound)
        #expect(try await chief.get(request).assignee.name == "chief")
    }

    @Test(
        "The last administrator who can sign in is not locked, by nobody",
        arguments: StoreKind.allCases
    )
    func lastAdministrator(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let chief = try await fixture.agent("chief", .administrator)
        let alone = await refusal { () async throws(RPCError) in try await chief.lock(chief.id) }
        #expect(alone?.reason == .lastAdministrator && alone?.isFinal == true)
        let second = try await fixture.agent("second", .administrator)
        try await chief.lock(second.id)
        let left = await refusal { () async throws(RPCError) in try await chief.lock(chief.id) }
        #expect(left?.reason == .lastAdministrator)
        try await chief.unlock(second.id)
        try await chief.lock(chief.id)
        #expect(await signsIn("chief", ServiceFixture.password, fixture) == .agentLocked)
    }

    @Test(
        "An administrator sets a password: the old one opens nothing, and every session ends",
        arguments: StoreKind.allCases
    )
    func setPassword(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        let id = fixture.newID
        #expect(try await chief.setPassword(of: bob.id, to: "another horse", id: id) == 1)
        #expect(try await chief.setPassword(of: bob.id, to: "another horse", id: id) == 1)
        #expect(await signsIn("bob", ServiceFixture.password, fixture) == .credentialsInvalid)
        #expect(await signsIn("bob", "another horse", fixture) == nil)
        for (password, reason) in [
            ("", Reason.fieldMissing), ("7 bytes", .invalidArgument),
            (String(repeating: "x", count: 1_025), .fieldTooLong),
        ] {
            let refused = await refusal { () async throws(RPCError) in
                try await chief.setPassword(of: bob.id, to: password)
            }
            #expect(refused?.reason == reason && refused?.trailer("field") == "password")
        }
        for password in ["8 bytes!", String(repeating: "x", count: 1_024)] {
            try await chief.setPassword(of: bob.id, to: password)
            #expect(await signsIn("bob", password, fixture) == nil)
        }
    }

    @Test(
        "Whoever knows the old password changes it; other sessions end and this one goes on",
        arguments: StoreKind.allCases
    )
    func changePassword(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let bob = try await fixture.agent("bob")
        let here = try await registry.authenticate(token: Array(bob.token))
        let second = try await fixture.nobody().signingIn(
            login: "bob",
            password: ServiceFixture.password
        )
        let elsewhere = try await registry.authenticate(token: Array(second.token))
        let wrong = await refusal { () async throws(RPCError) in
            try await bob.changePassword(from: "a wrong one", to: "another horse")
        }
        #expect(wrong?.reason == .wrongPassword)
        #expect(await signsIn("bob", ServiceFixture.password, fixture) == nil)
        let id = fixture.newID
        let ended = try await bob.changePassword(
            from: ServiceFixture.password,
            to: "another horse",
            id: id
        )
        #expect(ended == 2)
        // Whoever lost the answer repeats, although the old password is wrong by now.
        let again = try await bob.changePassword(
            from: ServiceFixture.password,
            to: "another horse",
            id: id
        )
        #expect(again == 2)
        #expect(registry.isValid(here) && !registry.isValid(elsewhere))
        #expect(await signsIn("bob", ServiceFixture.password, fixture) == .credentialsInvalid)
        #expect(await signsIn("bob", "another horse", fixture) == nil)
    }

    @Test("Wrong old passwords are limited like wrong passwords of a sign-in")
    func guessing() async throws {
        var rates = ServiceRates()
        rates.attempts = CallRate(burst: 2, perSecond: 0.001)
        rates.sparesLoopback = false
        let fixture = try ServiceFixture(rates: rates)
        let bob = try await fixture.agent("bob")
        var reasons: [Reason?] = []
        for _ in 0..<3 {
            reasons.append(
                await refusal { () async throws(RPCError) in
                    try await bob.changePassword(from: "a wrong one", to: "another horse")
                }?.reason
            )
        }
        #expect(reasons == [.wrongPassword, .wrongPassword, .rateLimited])
    }

    @Test(
        "A sign-in that was checked before a lock or a new password opens no session after it",
        arguments: StoreKind.allCases
    )
    func crossing(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        let record = try #require(
            try fixture.store.read { reading throws(StoreError) in
                try reading.agent(login: "bob")
            }
        )
        let hash = try #require(record.passwordHash)
        let opened = try await fixture.identities.open(record.principal)
        try await chief.setPassword(of: bob.id, to: "another horse")
        let late = Submission(
            key: nil,
            principal: record.principal,
            change: .identity(.openSession(opened.record, .password(hash: hash)))
        )
        guard case .refused = await fixture.desk.submit(late) else {
            Issue.record("a session was opened with a password that is no more")
            return
        }
    }

    @Test(
        "Who locked whom and whose password was set stands in the log, without any secret",
        arguments: StoreKind.allCases
    )
    func audit(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        try await chief.lock(bob.id)
        try await chief.unlock(bob.id)
        try await chief.setPassword(of: bob.id, to: "another horse")
        let entries = try await chief.audit.list(Docket_V1_ListAuditCall()).entries
        let told = entries.map(\.event).filter { $0.administered.subjectID == bob.id }
        #expect(
            told.map(\.administered.action) == [
                .actionCreated, .actionLocked, .actionUnlocked, .actionPasswordSet,
            ]
        )
        #expect(told.dropFirst().allSatisfy { $0.actor.id == chief.id })
        #expect(told.dropFirst().allSatisfy { $0.administered.fields.isEmpty })
    }

    @Test("Agents see the logins and names of those who can sign in, and nothing more")
    func colleagues() async throws {
        let fixture = try ServiceFixture()
        let chief = try await fixture.agent("chief", .administrator)
        let ana = try await fixture.agent("ana")
        let bob = try await fixture.agent("bob")
        try await chief.lock(bob.id)
        var call = Docket_V1_ListColleaguesCall()
        call.limit = 1
        var logins: [String] = []
        repeat {
            let reply = try await ana.agents.list(call)
            logins += reply.colleagues.map(\.login)
            call.page = reply.nextPage
        } while !call.page.isEmpty
        #expect(logins == ["ana", "chief"])
        let page = await refusal { () async throws(RPCError) in
            var call = Docket_V1_ListColleaguesCall()
            call.page = Data([0xFF])
            return try await ana.agents.list(call)
        }
        #expect(page?.reason == .invalidArgument && page?.trailer("field") == "page")
    }
}
