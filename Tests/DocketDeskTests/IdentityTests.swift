import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import Synchronization
import Testing

@Suite("Signing in")
struct IdentityTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("A guest signs in with its secret and nothing else", arguments: StoreKind.allCases)
    func guest(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let identities = fixture.identities()
        let contact: ContactID = fixture.id()
        let secret = Data(repeating: 5, count: 32)
        let change = IdentityChange.createGuest(
            contact,
            name: "Ada",
            secret: try identities.digest(secret)
        )
        _ = await fixture.ask(change, as: nil, id: CommandID(contact))
        let session = try await identities.signIn(guest: contact, secret: secret)
        #expect(session.record.principal == Principal(.contact(contact), name: "Ada"))
        #expect(try await identities.session(token: session.token) == session.record)
        for wrong in [Data(repeating: 6, count: 32), Data(repeating: 5, count: 31), Data()] {
            await #expect(throws: SignInError.wrongSecret) {
                try await identities.signIn(guest: contact, secret: wrong)
            }
        }
        await #expect(throws: SignInError.wrongSecret) {
            try await identities.signIn(guest: fixture.id(), secret: secret)
        }
        #expect(try await identities.session(token: secret) == nil)
        #expect(try await identities.session(token: Data()) == nil)
        fixture.clock.advance(by: Identities.contactSession + .milliseconds(-1))
        #expect(try await identities.session(token: session.token) != nil)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(try await identities.session(token: session.token) == nil)
        await fixture.desk.stop()
    }

    @Test(
        "A key opens sessions until it is revoked, which ends them",
        arguments: StoreKind.allCases
    )
    func key(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let identities = fixture.identities()
        let holder: PrincipalID = fixture.id()
        let key = identities.makeKey()
        let record = try identities.record(ofKey: key, for: holder)
        let create = IdentityChange.createKeyHolder(
            holder,
            name: "Bridge",
            channel: "bridge",
            key: record
        )
        #expect(await fixture.ask(create, as: .desk, id: CommandID(holder)).acceptance != nil)
        let session = try await identities.signIn(apiKey: key)
        #expect(
            session.record.principal == Principal(.integration(holder, "bridge"), name: "Bridge")
        )
        let last = String(key.dropLast()) + (key.hasSuffix("0") ? "1" : "0")
        for wrong in [last, "", "docket__", key + "0", "ticket" + key.dropFirst(6)] {
            await #expect(throws: SignInError.wrongSecret) {
                try await identities.signIn(apiKey: wrong)
            }
        }
        #expect(try await identities.session(token: session.token) != nil)
        let ended = Mutex<[SessionEnd]>([])
        identities.listen { news in
            if case .ended(let ends) = news { ended.withLock { $0 += ends } }
        }
        let revoke = IdentityChange.revokeKeys(holder)
        let stranger = await fixture.agent("Bo", .supervisor)
        #expect(
            await fixture.ask(revoke, as: stranger, id: fixture.id()).rejection == .notPermitted
        )
        let id = fixture.id(Command.self)
        for _ in 0..<2 {
            let reply = await fixture.ask(revoke, as: .desk, id: id)
            guard case .sessionsEnded(1)? = reply.acceptance?.result else {
                Issue.record("\(reply)")
                continue
            }
        }
        #expect(ended.withLock { $0 } == [SessionEnd(session.record.id)])
        #expect(try await identities.session(token: session.token) == nil)
        await #expect(throws: SignInError.keyRevoked) {
            try await identities.signIn(apiKey: key)
        }
        await #expect(throws: SignInError.wrongSecret) {
            try await identities.signIn(apiKey: last)
        }
        // A sign-in that compared the secret before the revocation comes to its session after it.
        let late = IdentityChange.openSession(session.record, .key(record.keyID))
        #expect(
            await fixture.ask(late, as: session.record.principal, id: fixture.id()).rejection
                == .notPermitted
        )
        #expect(try await identities.session(token: session.token) == nil)
        await fixture.desk.stop()
    }

    @Test(
        "An agent signs in with login and password, and a login belongs to one",
        arguments: StoreKind.allCases
    )
    func agent(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let identities = fixture.identities()
        let bo = await fixture.agent("Bo", .administrator)
        _ = bo
        await #expect(throws: SignInError.wrongSecret) {
            try await identities.signIn(login: "Bo", password: "guess")
        }
        await #expect(throws: SignInError.wrongSecret) {
            try await identities.signIn(login: "Nobody", password: "Bo")
        }
        let session = try await identities.signIn(login: "Bo", password: "Bo")
        #expect(session.record.principal == bo)
        let again: AgentID = fixture.id()
        let change = IdentityChange.createAgent(
            again,
            name: "Other",
            .agent,
            login: "Bo",
            passwordHash: "h"
        )
        #expect(
            await fixture.ask(change, as: bo, id: CommandID(again)).rejection == .loginTaken
        )
        #expect(try await fixture.desk.agents(page: nil, limit: 9).agents.map(\.id) == [bo.id])
        let signOut = IdentityChange.endSession(session.record.token)
        _ = await fixture.ask(signOut, as: bo, id: fixture.id())
        #expect(try await identities.session(token: session.token) == nil)
        await fixture.desk.stop()
    }

    @Test(
        "The agents come in pages that have all of them once, by login",
        arguments: StoreKind.allCases
    )
    func agentPages(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let names = ["a", "b", "c", "z", "\u{E9}", "\u{1F600}", "Z"]
        for name in names { _ = await fixture.agent(name) }
        let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for limit in [1, 3, 7, 8] {
            var logins: [String?] = []
            var page: Data?
            repeat {
                let found = try await fixture.desk.agents(page: page, limit: limit)
                #expect(found.agents.count <= limit && !found.agents.isEmpty)
                logins += found.agents.map(\.login)
                page = found.nextPage
            } while page != nil
            #expect(logins == sorted.map(Optional.some))
        }
        await #expect(throws: QueryError.invalidPage) {
            try await fixture.desk.agents(page: Data(count: 129), limit: 1)
        }
        await fixture.desk.stop()
    }

    @Test("Names are refused when empty or one byte beyond the limit")
    func names() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let create = { (name: String) async -> Reply in
            let contact: ContactID = fixture.id()
            return await fixture.ask(
                .createGuest(contact, name: name, secret: fixture.digest("s")),
                as: nil,
                id: CommandID(contact)
            )
        }
        let limit = TextLimits.nameBytes
        #expect(await create("").rejection == .textEmpty(.name))
        #expect(await create(String(repeating: "x", count: limit)).acceptance != nil)
        #expect(
            await create(String(repeating: "x", count: limit + 1)).rejection
                == .textTooLong(.name, limit: UInt64(limit))
        )
        await fixture.desk.stop()
    }
}
