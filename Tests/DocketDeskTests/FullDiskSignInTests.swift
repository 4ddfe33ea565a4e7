import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import Synchronization
import Testing

@Suite("Signing in while the store takes nothing")
struct FullDiskSignInTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A desk whose disk can be full, with somebody of every kind who signs in.
    private struct Scene {
        let store: FailingStore
        let fixture: DeskFixture
        let identities: Identities
        let guest: ContactID
        let holder: PrincipalID
        let key: String
        let secret = Data(repeating: 5, count: 32)

        init(_ kept: any Store, limits: DeskLimits = DeskLimits()) async throws {
            store = FailingStore(kept)
            let fixture = try DeskFixture(store: store, limits: limits)
            self.fixture = fixture
            identities = fixture.identities()
            guest = fixture.id()
            holder = fixture.id()
            key = identities.makeKey()
            _ = await fixture.agent("Bo", .administrator)
            try await addGuest(guest)
            _ = await fixture.ask(
                .createKeyHolder(
                    holder,
                    name: "Bridge",
                    channel: "bridge",
                    key: try identities.record(ofKey: key, for: holder)
                ),
                as: .desk,
                id: CommandID(holder)
            )
        }

        func addGuest(_ id: ContactID) async throws {
            let digest = try identities.digest(secret)
            let change = IdentityChange.createGuest(id, name: "Ada", secret: digest)
            _ = await fixture.ask(change, as: nil, id: CommandID(id))
        }

        func signIn(_ id: ContactID) async throws -> OpenSession {
            try await identities.signIn(guest: id, secret: secret)
        }

        func storedSession(_ session: OpenSession) throws -> SessionRecord? {
            try store.read { reading throws(StoreError) in
                try reading.session(session.record.token)
            }
        }
    }

    @Test(
        "Guests, agents and integrations sign in on a full disk, and while others hold the store",
        arguments: [StoreError.full, .locked]
    )
    func everybody(_ error: StoreError) async throws {
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)))
        scene.store.fail(.atBegin(error))
        let sessions = [
            try await scene.signIn(scene.guest),
            try await scene.identities.signIn(login: "Bo", password: "Bo"),
            try await scene.identities.signIn(apiKey: scene.key),
        ]
        for session in sessions {
            #expect(try await scene.identities.session(token: session.token) == session.record)
            #expect(try scene.storedSession(session) == nil)
        }
        await #expect(throws: SignInError.wrongSecret) {
            try await scene.identities.signIn(login: "Bo", password: "guess")
        }
        await scene.fixture.desk.stop()
    }

    @Test("A session of a full disk is stored once there is room", arguments: StoreKind.allCases)
    func written(kind: StoreKind) async throws {
        let scene = try await Scene(kind.open(in: directory))
        scene.store.fail(.atBegin(.full))
        let session = try await scene.signIn(scene.guest)
        scene.fixture.clock.advance(by: .seconds(5))
        _ = await scene.fixture.guest("Eve")
        #expect(try scene.storedSession(session) == nil)
        scene.store.fail(nil)
        scene.fixture.clock.advance(by: .seconds(5))
        await scene.fixture.settle()
        #expect(try scene.storedSession(session) == session.record)
        #expect(try await scene.identities.session(token: session.token) == session.record)
        await scene.fixture.desk.stop()
    }

    @Test(
        "What takes access away is done on a full disk, in the room kept back for it",
        arguments: StoreKind.allCases
    )
    func accessTaken(kind: StoreKind) async throws {
        let scene = try await Scene(kind.open(in: directory))
        let fixture = scene.fixture
        let boss = await fixture.agent("Boss", .administrator)
        let eve = AgentID(try #require(await fixture.agent("Eve").id))
        let stored = try await scene.signIn(scene.guest)
        scene.store.fail(.atBegin(.full))
        let unwritten = try await scene.signIn(scene.guest)
        let byKey = try await scene.identities.signIn(apiKey: scene.key)
        for change in [
            IdentityChange.endSession(unwritten.record.token), .endSession(stored.record.token),
            .revokeKeys(scene.holder), .lockAgent(eve), .setPassword(eve, hash: "another"),
        ] {
            let reply = await fixture.ask(change, as: boss, id: fixture.id())
            #expect(reply.acceptance != nil, "\(change): \(reply)")
        }
        for session in [unwritten, stored, byKey] {
            #expect(try await scene.identities.session(token: session.token) == nil)
        }
        #expect(fixture.desk.condition == .readOnly(.full), "others still wait for room")
        let refused = await fixture.ask(.unlockAgent(eve), as: boss, id: fixture.id())
        #expect(refused.unavailability == .diskFull)
        await fixture.desk.stop()
    }

    @Test("A failure in the room kept back leaves the outcome unknown and stops the desk")
    func failureOnReserve() async throws {
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)))
        let fixture = scene.fixture
        let stored = try await scene.signIn(scene.guest)
        scene.store.fail(.fullAndOnReserve(.commitFailed("fsync")))
        let end = IdentityChange.endSession(stored.record.token)
        let reply = await fixture.ask(end, as: nil, id: fixture.id())
        #expect(reply.unavailability == .outcomeUnknown)
        await fixture.desk.stop()
        #expect(fixture.fatalErrors == [.commitFailed("fsync")])
    }

    @Test("A session of a store that others hold ends when its owner signs out, not before")
    func ended() async throws {
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)))
        scene.store.fail(.atBegin(.locked))
        let session = try await scene.signIn(scene.guest)
        let lost = try await scene.signIn(scene.guest)
        let end = IdentityChange.endSession(session.record.token)
        let refused = await scene.fixture.ask(
            end,
            as: session.record.principal,
            id: scene.fixture.id()
        )
        #expect(refused.unavailability == .busy)
        #expect(try await scene.identities.session(token: session.token) != nil)
        let ended = Mutex<[SessionID]>([])
        scene.identities.listen { news in
            if case .ended(let ends) = news { ended.withLock { $0 += ends.map(\.session) } }
        }
        scene.store.fail(nil)
        let reply = await scene.fixture.ask(
            end,
            as: session.record.principal,
            id: scene.fixture.id()
        )
        guard case .sessionsEnded(1)? = reply.acceptance?.result else {
            Issue.record("\(reply)")
            return
        }
        #expect(ended.withLock { $0 } == [session.record.id])
        #expect(try await scene.identities.session(token: session.token) == nil)
        #expect(try await scene.identities.session(token: lost.token) != nil)
        await scene.fixture.desk.stop()
    }

    @Test("Revoking a key ends the session that it opened on a full disk")
    func revoked() async throws {
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)))
        scene.store.fail(.atBegin(.full))
        let session = try await scene.identities.signIn(apiKey: scene.key)
        scene.store.fail(nil)
        let revoke = IdentityChange.revokeKeys(scene.holder)
        _ = await scene.fixture.ask(revoke, as: .desk, id: scene.fixture.id())
        #expect(try await scene.identities.session(token: session.token) == nil)
        scene.store.fail(.atBegin(.full))
        await #expect(throws: SignInError.keyRevoked) {
            try await scene.identities.signIn(apiKey: scene.key)
        }
        // A sign-in that compared the secret before the revocation comes to its session after it.
        let keyID = try scene.identities.record(ofKey: scene.key, for: scene.holder).keyID
        let late = await scene.fixture.desk.submit(
            Submission(
                key: nil,
                principal: session.record.principal,
                change: .identity(.openSession(session.record, .key(keyID)))
            )
        )
        #expect(late.rejection == .notPermitted)
        await scene.fixture.desk.stop()
    }

    @Test("One session too many of a principal ends its oldest, and contacts leave room for staff")
    func limits() async throws {
        var limits = DeskLimits()
        limits.unwrittenSessions = 4
        limits.unwrittenSessionsOfStaff = 1
        limits.unwrittenSessionsOfPrincipal = 2
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)), limits: limits)
        let others: [ContactID] = [scene.fixture.id(), scene.fixture.id()]
        for other in others { try await scene.addGuest(other) }
        let ended = Mutex<[SessionID]>([])
        scene.identities.listen { news in
            if case .ended(let ends) = news { ended.withLock { $0 += ends.map(\.session) } }
        }
        scene.store.fail(.atBegin(.full))
        var own: [OpenSession] = []
        for _ in 0..<3 { own.append(try await scene.signIn(scene.guest)) }
        #expect(ended.withLock { $0 } == [own[0].record.id])
        #expect(try await scene.identities.session(token: own[0].token) == nil)
        #expect(try await scene.identities.session(token: own[1].token) != nil)
        _ = try await scene.signIn(others[0])
        await #expect(throws: SignInError.unavailable(.diskFull)) {
            try await scene.signIn(others[1])
        }
        _ = try await scene.identities.signIn(login: "Bo", password: "Bo")
        await #expect(throws: SignInError.unavailable(.diskFull)) {
            try await scene.identities.signIn(apiKey: scene.key)
        }
        await scene.fixture.desk.stop()
    }

    @Test("A store that fails for good opens no session in memory")
    func failed() async throws {
        let scene = try await Scene(MemoryStore(epoch: Epoch(7)))
        scene.store.fail(.atBegin(.ioFailure("gone")))
        await #expect(throws: SignInError.unavailable(.stopped)) {
            try await scene.signIn(scene.guest)
        }
        await scene.fixture.desk.stop()
    }
}
