import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation
import Testing

@testable import DocketStoreSQLite

@Suite("Restoring brings back no access that was taken away")
struct RestoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A desk with a key and sessions of a guest and the key's owner, and a copy made of it.
    private struct Scene {
        let fixture: DeskFixture
        let store: SQLiteStore
        let bridge: Principal
        let other: Principal
        let tokens: [Digest]
        let copy: String

        init(in directory: TemporaryDirectory) async throws {
            store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
            fixture = try DeskFixture(store: store)
            let ada = await fixture.guest("Ada")
            bridge = await fixture.integration("bridge")
            other = await fixture.integration("other")
            var tokens: [Digest] = []
            for principal in [ada, bridge] {
                let session = SessionRecord(
                    token: fixture.digest("token of \(principal.name)"),
                    principal: principal,
                    expiresAt: fixture.clock.now() + .seconds(3_600)
                )
                _ = await fixture.ask(
                    .openSession(session, nil),
                    as: principal,
                    id: fixture.id()
                )
                tokens.append(session.token)
            }
            self.tokens = tokens
            copy = directory.path + "/copy"
            try await fixture.desk.backUp(to: copy)
        }

        func revoke(_ owner: Principal) async throws {
            let id = try #require(owner.id)
            _ = await fixture.ask(.revokeKeys(id), as: .desk, id: fixture.id())
        }

        func stop() async throws {
            await fixture.desk.stop()
            try store.close()
        }

        func restore(
            to path: String,
            revokedKeys: Set<String> = []
        ) throws -> SQLiteRestoration {
            try SQLiteStore.restore(
                from: copy,
                to: path,
                epoch: Epoch(8),
                revokedKeys: revokedKeys,
                at: fixture.clock.now()
            )
        }
    }

    private func isRevoked(_ keyID: String, in path: String) throws -> Bool? {
        let store = try SQLiteStore(directory: path, newEpoch: Epoch(9))
        let key = try store.read { reading throws(StoreError) in try reading.apiKey(keyID) }
        try store.close()
        return key.map { $0.endsAt != nil }
    }

    @Test("Every session of the copy ends with a restore")
    func sessions() async throws {
        let scene = try await Scene(in: directory)
        for token in scene.tokens {
            _ = await scene.fixture.ask(.endSession(token), as: .desk, id: scene.fixture.id())
        }
        try await scene.stop()
        let restored = try scene.restore(to: directory.path)
        #expect(restored.endedSessions == 2)
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(9))
        for token in scene.tokens {
            let session = try store.read { reading throws(StoreError) in
                try reading.session(token)
            }
            #expect(session == nil)
        }
        try store.close()
    }

    @Test("A key that was revoked after the copy was made stays revoked")
    func keys() async throws {
        let scene = try await Scene(in: directory)
        try await scene.revoke(scene.bridge)
        try await scene.stop()
        let restored = try scene.restore(to: directory.path)
        #expect(restored.replaced == .read)
        #expect(restored.revokedKeys.map(\.keyID) == ["bridge"])
        #expect(restored.workingKeys.map(\.keyID) == ["other"])
        #expect(restored.workingKeys.first?.owner == scene.other.id)
        #expect(restored.workingKeys.first?.channel == "bridge")
        #expect(try isRevoked("bridge", in: directory.path) == true)
        #expect(try isRevoked("other", in: directory.path) == false)
    }

    @Test("A key that has ended by itself is not among those that work")
    func endedKeys() async throws {
        let scene = try await Scene(in: directory)
        let fixture = scene.fixture
        let holder = try #require(scene.bridge.id)
        let next = APIKeyRecord(keyID: "next", principal: holder, secret: fixture.digest("next"))
        let change = IdentityChange.addKey(next, grace: .seconds(60))
        #expect(await fixture.ask(change, as: .desk, id: fixture.id()).acceptance != nil)
        try FileManager.default.removeItem(atPath: scene.copy)
        try await fixture.desk.backUp(to: scene.copy)
        try await scene.stop()
        let elsewhere = try TemporaryDirectory()
        let early = try scene.restore(to: elsewhere.path)
        #expect(Set(early.workingKeys.map(\.keyID)) == ["bridge", "next", "other"])
        fixture.clock.advance(by: .seconds(60))
        let late = try scene.restore(to: elsewhere.path)
        #expect(Set(late.workingKeys.map(\.keyID)) == ["next", "other"])
    }

    @Test("A key revoked by a server that was killed stays revoked")
    func killedServer() async throws {
        let scene = try await Scene(in: directory)
        try await scene.revoke(scene.bridge)
        await scene.fixture.desk.stop()
        // What a killed server leaves: the revocation is in the write-ahead log alone.
        let killed = try TemporaryDirectory()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: directory.path + "/docket.sqlite" + suffix,
                toPath: killed.path + "/docket.sqlite" + suffix
            )
        }
        let restored = try scene.restore(to: killed.path)
        #expect(restored.revokedKeys.map(\.keyID) == ["bridge"])
        #expect(try isRevoked("bridge", in: killed.path) == true)
    }

    @Test("An agent who was locked out after the copy was made stays locked out")
    func locks() async throws {
        let scene = try await Scene(in: directory)
        let fixture = scene.fixture
        let agents = await [fixture.agent("bo"), fixture.agent("eve"), fixture.agent("kim")]
        let boss = await fixture.agent("boss", .administrator)
        try FileManager.default.removeItem(atPath: scene.copy)
        try await fixture.desk.backUp(to: scene.copy)
        let ids = try agents.map { AgentID(try #require($0.id)) }
        for change in [IdentityChange.lockAgent(ids[0]), .setPassword(ids[1], hash: "another")] {
            let reply = await fixture.ask(change, as: boss, id: fixture.id())
            #expect(reply.acceptance != nil, "\(reply)")
        }
        try await scene.stop()
        let restored = try scene.restore(to: directory.path)
        #expect(restored.lockedAgents == ["bo"])
        #expect(restored.otherPasswords == ["eve"])
        #expect(restored.unlockedAdministrators == [])
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(9))
        let locked = try store.read { reading throws(StoreError) in
            try ["bo", "eve", "kim", "boss"].map { login throws(StoreError) in
                try reading.agent(login: login)?.isLocked
            }
        }
        #expect(locked == [true, false, false, false])
        try store.close()
    }

    @Test("Nobody is locked out by a restore where no administrator would be left")
    func lastAdministrator() async throws {
        let scene = try await Scene(in: directory)
        let fixture = scene.fixture
        let former = await fixture.agent("former", .administrator)
        try FileManager.default.removeItem(atPath: scene.copy)
        try await fixture.desk.backUp(to: scene.copy)
        let successor = await fixture.agent("successor", .administrator)
        let lock = IdentityChange.lockAgent(AgentID(try #require(former.id)))
        #expect(await fixture.ask(lock, as: successor, id: fixture.id()).acceptance != nil)
        try await scene.stop()
        let restored = try scene.restore(to: directory.path)
        #expect(restored.lockedAgents == [])
        #expect(restored.unlockedAdministrators == ["former"], "the operator is told")
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(9))
        let agent = try store.read { reading throws(StoreError) in
            try reading.agent(login: "former")
        }
        #expect(agent?.isLocked == false)
        try store.close()
    }

    @Test("Where the replaced store is lost, the operator's list says which keys were revoked")
    func lists() async throws {
        let scene = try await Scene(in: directory)
        try await scene.stop()
        let elsewhere = try TemporaryDirectory()
        let restored = try scene.restore(to: elsewhere.path, revokedKeys: ["other", "unknown"])
        #expect(restored.replaced == .nothing)
        #expect(restored.revokedKeys.map(\.keyID) == ["other"])
        #expect(restored.workingKeys.map(\.keyID) == ["bridge"])
        #expect(try isRevoked("other", in: elsewhere.path) == true)
    }

    @Test("A replaced store that cannot be read is named, and does not stop the restore")
    func damagedStore() async throws {
        let scene = try await Scene(in: directory)
        try await scene.stop()
        let damaged = try TemporaryDirectory()
        let noStore = Data(repeating: 0xA5, count: 8_192)
        try noStore.write(to: URL(filePath: damaged.path + "/docket.sqlite"))
        let restored = try scene.restore(to: damaged.path)
        #expect(restored.replaced == .unreadable)
        #expect(restored.workingKeys.map(\.keyID) == ["bridge", "other"])
    }
}
