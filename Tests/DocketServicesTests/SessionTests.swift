import DeskSupport
import DocketCalls
import DocketCrypto
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketServices
import Foundation
import SwiftProtobuf
import Testing

@Suite("Sessions open with a secret and end when they should")
struct SessionTests {
    @Test(
        "A guest has a name that people can see",
        arguments: [" ", "\u{A0}", "\u{3164}", "\u{200B}"]
    )
    func invisibleName(name: String) async throws {
        let fixture = try ServiceFixture()
        let refused = await refusal { () async throws(RPCError) in
            try await fixture.nobody().becomingGuest(name: name)
        }
        #expect(refused?.reason == .fieldMissing)
        #expect(refused?.trailer("field") == "name")
    }

    @Test("Every wrong secret is answered alike")
    func wrongSecrets() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        _ = try await fixture.agent("agent")
        let unknown = fixture.newID
        let key = "docket_\(String(repeating: "0", count: 16))_\(String(repeating: "0", count: 64))"
        let attempts: [Docket_V1_SignInCall] = [
            .with {
                $0.login = .with {
                    $0.login = "agent"
                    $0.password = "wrong"
                }
            },
            .with {
                $0.login = .with {
                    $0.login = "nobody"
                    $0.password = "wrong"
                }
            },
            .with {
                $0.guest = .with {
                    $0.contactID = guest.id
                    $0.secret = Data(count: 32)
                }
            },
            .with {
                $0.guest = .with {
                    $0.contactID = guest.id
                    $0.secret = Data()
                }
            },
            .with {
                $0.guest = .with {
                    $0.contactID = unknown
                    $0.secret = Data(count: 32)
                }
            },
            .with { $0.apiKey = key },
            .with { $0.apiKey = "docket" },
        ]
        var errors: [RPCError?] = []
        for call in attempts {
            let nobody = fixture.nobody()
            errors.append(
                await refusal { () async throws(RPCError) in
                    try await nobody.sessions.signIn(call)
                }
            )
            #expect(nobody.connection.identity == nil)
        }
        #expect(errors[0]?.reason == .credentialsInvalid)
        #expect(errors.allSatisfy { $0 == errors[0] })
    }

    @Test("A session says who is signed in and for how long")
    func description() async throws {
        let fixture = try ServiceFixture()
        let supervisor = try await fixture.agent("Sue", .supervisor)
        fixture.clock.advance(by: .seconds(100))
        let reply = try await supervisor.sessions.describe(Docket_V1_DescribeCall())
        #expect(reply.principal.id == supervisor.id && reply.principal.name == "Sue")
        #expect(reply.role == .supervisor)
        #expect(reply.expiresInSeconds == 12 * 3_600 - 100)
        let guest = try await fixture.guest()
        let described = try await guest.sessions.describe(Docket_V1_DescribeCall())
        #expect(described.role == .unspecified)
        #expect(described.expiresInSeconds == 30 * 86_400)
        #expect(guest.token.count == 32)
    }

    @Test("A guest signs in again with its secret")
    func returningGuest() async throws {
        let fixture = try ServiceFixture()
        let secret = fixture.bytes(32)
        let guest = try await fixture.nobody().becomingGuest(name: "Guest", secret: secret)
        let again = try await fixture.nobody().signingIn(guest: guest.id, secret: secret)
        #expect(again.id == guest.id && again.token != guest.token)
    }

    @Test(
        "A token stands for its principal until its session ends",
        arguments: StoreKind.allCases
    )
    func tokens(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let agent = try await fixture.agent("agent")
        let second = try await fixture.nobody().signingIn(
            login: "agent",
            password: ServiceFixture.password
        )
        let identity = try await registry.authenticate(token: Array(agent.token))
        let other = try await registry.authenticate(token: Array(second.token))
        #expect(identity.id == Array(agent.id) && registry.isValid(identity))
        _ = try await agent.sessions.signOut(.with { $0.header = agent.header() })
        #expect(!registry.isValid(identity))
        #expect(registry.isValid(other), "only the session of this connection ends")
        for token in [Array(agent.token), [], [1, 2, 3], Array(repeating: 0, count: 32)] {
            let error = await refusal { () async throws(RPCError) in
                try await registry.authenticate(token: token)
            }
            #expect(error?.reason == .sessionExpired)
        }
    }

    @Test("A session ends with its time", arguments: StoreKind.allCases)
    func expiry(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let agent = try await fixture.agent("agent")
        let identity = try await registry.authenticate(token: Array(agent.token))
        fixture.clock.advance(by: .seconds(12 * 3_600) - .milliseconds(1))
        #expect(registry.isValid(identity))
        fixture.clock.advance(by: .milliseconds(1))
        #expect(!registry.isValid(identity))
        let error = await refusal { () async throws(RPCError) in
            try await registry.authenticate(token: Array(agent.token))
        }
        #expect(error?.reason == .sessionExpired)
    }

    @Test(
        "Revoking ends every session of a principal, and a key opens none any more",
        arguments: StoreKind.allCases
    )
    func revocation(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let administrator = try await fixture.agent("administrator", .administrator)
        let key = try await administrator.administration.createKey(
            .with {
                $0.header = administrator.header()
                $0.kind = .principalIntegration
                $0.name = "Bridge"
                $0.channel = "bridge"
            }
        )
        var identities: [CallerIdentity] = []
        for _ in 0..<2 {
            let person = try await fixture.nobody().signingIn(apiKey: key.apiKey)
            identities.append(try await registry.authenticate(token: Array(person.token)))
        }
        let ended = try await administrator.administration.revokeSessions(
            .with {
                $0.header = administrator.header()
                $0.principalID = key.principal.id
            }
        )
        #expect(ended.ended == 2 && identities.allSatisfy { !registry.isValid($0) })
        let returned = try await fixture.nobody().signingIn(apiKey: key.apiKey)
        let identity = try await registry.authenticate(token: Array(returned.token))
        _ = try await administrator.administration.revokeKey(
            .with {
                $0.header = administrator.header()
                $0.principalID = key.principal.id
            }
        )
        #expect(!registry.isValid(identity))
        let error = await refusal { () async throws(RPCError) in
            try await fixture.nobody().signingIn(apiKey: key.apiKey)
        }
        #expect(error?.reason == .keyRevoked && error?.isFinal == false)
        let last = key.apiKey.hasSuffix("0") ? "1" : "0"
        let stranger = await refusal { () async throws(RPCError) in
            try await fixture.nobody().signingIn(apiKey: key.apiKey.dropLast() + last)
        }
        #expect(stranger?.reason == .credentialsInvalid)
    }

    @Test(
        "A session that ends before a connection acts through it lets nobody act",
        arguments: StoreKind.allCases
    )
    func endedBeforeUse(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let registry = fixture.services.registry
        let administrator = try await fixture.agent("administrator", .administrator)
        let person = try await fixture.agent("Bo")
        let id = try #require(AgentID(bytes: person.id))
        let opened = try await fixture.identities.open(Principal(.agent(id, .agent), name: "Bo"))
        #expect(registry.isValid(try await registry.identity(of: opened.record)))
        _ = try await administrator.administration.revokeSessions(
            .with {
                $0.header = administrator.header()
                $0.principalID = person.id
            }
        )
        let error = await refusal { () async throws(RPCError) in
            try await registry.identity(of: opened.record)
        }
        #expect(error?.reason == .sessionExpired)
    }

    @Test("A login belongs to one agent")
    func takenLogin() async throws {
        let fixture = try ServiceFixture()
        let administrator = try await fixture.agent("administrator", .administrator)
        let error = await refusal { () async throws(RPCError) in
            try await administrator.administration.createAgent(
                .with {
                    $0.header = administrator.header()
                    $0.login = "administrator"
                    $0.name = "Second"
                    $0.password = ServiceFixture.password
                    $0.role = .agent
                }
            )
        }
        #expect(error?.reason == .loginTaken)
        let agents = try await administrator.administration.listAgents(Docket_V1_ListAgentsCall())
        #expect(agents.agents.map(\.login) == ["administrator"])
    }
}

@Suite("What costs the desk something is bounded", .timeLimit(.minutes(5)))
struct RateTests {
    @Test("Beyond the pool's line a sign-in is refused as transient, not kept waiting")
    func passwords() async throws {
        let slow = try #require(
            ScryptParameters(logarithmicCost: 12, blockSize: 8, parallelism: 1)
        )
        let pool = PasswordPool(parameters: slow)
        let room = PasswordPool.width + PasswordPool.longestLine
        let hashes = await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<(3 * room) { tasks.addTask { await pool.hash("password") } }
            return await tasks.reduce(into: [String?]()) { $0.append($1) }
        }
        let made = hashes.compactMap(\.self)
        #expect(made.count >= room && made.count < 3 * room)
        #expect(Set(made).count == made.count, "every hash has a salt of its own")
        #expect(await pool.verify("password", made[0]) == true)
        #expect(await pool.verify("passwort", made[0]) == false)
        #expect(await pool.verify("password", "no hash") == false)
    }

    @Test("Nothing is computed for who has left the pool's line")
    func abandonedPassword() async throws {
        let slow = try #require(
            ScryptParameters(logarithmicCost: 14, blockSize: 8, parallelism: 1)
        )
        let pool = PasswordPool(parameters: slow)
        let before = (0..<PasswordPool.width).map { _ in Task { await pool.hash("password") } }
        let behind = Task {
            // Whoever leaves while others are served is not served afterwards.
            withUnsafeCurrentTask { $0?.cancel() }
            return await pool.hash("password")
        }
        #expect(await behind.value == nil)
        for task in before { #expect(await task.value != nil) }
        #expect(await pool.hash("password") != nil, "nobody else is kept out")
    }

    @Test("A contact has so many sessions, and a further one ends the one that would end first")
    func sessions() async throws {
        var limits = DeskLimits()
        limits.sessionsOfContact = 3
        let fixture = try ServiceFixture(limits: limits)
        let guest = try await fixture.guest()
        let id = try #require(ContactID(bytes: guest.id))
        var tokens = [guest.token]
        for _ in 0..<4 {
            fixture.clock.advance(by: .seconds(1))
            let opened = try await fixture.identities.open(Principal(.contact(id), name: "Guest"))
            tokens.append(opened.token)
        }
        var isOpen: [Bool] = []
        for token in tokens {
            isOpen.append(try await fixture.identities.session(token: token) != nil)
        }
        #expect(isOpen == [false, false, true, true, true])
    }

    @Test("New guests are bounded by address")
    func guests() async throws {
        var rates = ServiceRates()
        rates.guests = CallRate(burst: 2, perSecond: 0.001)
        let fixture = try ServiceFixture(rates: rates)
        for _ in 0..<2 { _ = try await fixture.nobody(from: "192.0.2.1").becomingGuest() }
        let error = await refusal { () async throws(RPCError) in
            try await fixture.nobody(from: "192.0.2.1").becomingGuest()
        }
        #expect(error?.reason == .rateLimited && error?.isNotProcessed == true)
        #expect(error?.retryAfter != nil)
        _ = try await fixture.nobody(from: "192.0.2.2").becomingGuest()
        for _ in 0..<3 { _ = try await fixture.nobody(from: "127.0.0.1").becomingGuest() }
    }

    @Test("Wrong secrets are bounded by address, right ones are not")
    func attempts() async throws {
        var rates = ServiceRates()
        rates.attempts = CallRate(burst: 2, perSecond: 0.001)
        rates.sparesLoopback = false
        let fixture = try ServiceFixture(rates: rates)
        _ = try await fixture.agent("agent")
        let address = "127.0.0.1"
        for _ in 0..<4 {
            _ = try await fixture.nobody(from: address).signingIn(
                login: "agent",
                password: ServiceFixture.password
            )
        }
        for _ in 0..<2 {
            let error = await refusal { () async throws(RPCError) in
                try await fixture.nobody(from: address).signingIn(login: "agent", password: "wrong")
            }
            #expect(error?.reason == .credentialsInvalid)
        }
        for password in ["wrong", ServiceFixture.password] {
            let error = await refusal { () async throws(RPCError) in
                try await fixture.nobody(from: address).signingIn(
                    login: "agent",
                    password: password
                )
            }
            #expect(error?.reason == .rateLimited)
        }
        _ = try await fixture.nobody(from: "192.0.2.1").signingIn(
            login: "agent",
            password: ServiceFixture.password
        )
    }

    @Test("Sign-ins are bounded by address, also right ones")
    func signIns() async throws {
        var rates = ServiceRates()
        rates.signIns = CallRate(burst: 2, perSecond: 0.001)
        let fixture = try ServiceFixture(rates: rates)
        _ = try await fixture.agent("agent")
        let signIn = { (address: String) async throws(RPCError) in
            _ = try await fixture.nobody(from: address).signingIn(
                login: "agent",
                password: ServiceFixture.password
            )
        }
        for _ in 0..<2 { try await signIn("192.0.2.1") }
        let error = await refusal { () async throws(RPCError) in try await signIn("192.0.2.1") }
        #expect(error?.reason == .rateLimited && error?.isNotProcessed == true)
        for _ in 0..<3 { try await signIn("127.0.0.1") }
        try await signIn("192.0.2.2")
    }

    @Test("Wrong secrets sent at once are bounded like those sent in turn")
    func attemptsAtOnce() async throws {
        var rates = ServiceRates()
        rates.attempts = CallRate(burst: 10, perSecond: 0.001)
        let slow = try #require(
            ScryptParameters(logarithmicCost: 12, blockSize: 8, parallelism: 1)
        )
        let fixture = try ServiceFixture(rates: rates, passwords: PasswordPool(parameters: slow))
        _ = try await fixture.agent("agent")
        let reasons = await withTaskGroup(of: Reason?.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    let error = await refusal { () async throws(RPCError) in
                        try await fixture.nobody(from: "192.0.2.1").signingIn(
                            login: "agent",
                            password: "wrong"
                        )
                    }
                    return error?.reason
                }
            }
            return await tasks.reduce(into: [Reason?]()) { $0.append($1) }
        }
        #expect(reasons.count { $0 == .credentialsInvalid } == 10)
        #expect(reasons.count { $0 == .rateLimited } == 10)
    }

    @Test("All addresses of a network of IPv6 share its budget")
    func networks() async throws {
        var rates = ServiceRates()
        rates.guests = CallRate(burst: 2, perSecond: 0.001)
        let fixture = try ServiceFixture(rates: rates)
        for address in ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2"] {
            _ = try await fixture.nobody(from: address).becomingGuest()
        }
        let error = await refusal { () async throws(RPCError) in
            try await fixture.nobody(from: "2001:db8:0:1:8000::").becomingGuest()
        }
        #expect(error?.reason == .rateLimited)
        _ = try await fixture.nobody(from: "2001:db8:0:2::1").becomingGuest()
        // An address of IPv4 is the same one, however it is written; loopback stays spared.
        for address in ["::ffff:192.0.2.1", "192.0.2.1"] {
            _ = try await fixture.nobody(from: address).becomingGuest()
        }
        let mapped = await refusal { () async throws(RPCError) in
            try await fixture.nobody(from: "::ffff:192.0.2.1").becomingGuest()
        }
        #expect(mapped?.reason == .rateLimited)
        for address in ["::1", "::ffff:127.0.0.1"] {
            for _ in 0..<3 { _ = try await fixture.nobody(from: address).becomingGuest() }
        }
    }

    @Test("A contact's commands are bounded, an agent's and a query are not")
    func commands() async throws {
        var rates = ServiceRates()
        rates.contact = CallRate(burst: 3, perSecond: 0.001)
        let fixture = try ServiceFixture(rates: rates)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        for _ in 0..<2 { try await guest.post("hello", in: conversation) }
        let error = await refusal { () async throws(RPCError) in
            try await guest.post("hello", in: conversation)
        }
        #expect(error?.reason == .rateLimited && error?.isNotProcessed == true)
        let agent = try await fixture.agent("agent")
        for _ in 0..<5 {
            try await agent.post("hello", in: conversation)
            _ = try await guest.history(of: conversation)
        }
        let other = try await fixture.guest("Other")
        _ = try await other.open()
    }
}
