import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketServices
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

@Suite("An integration has several keys while it changes from one to the next")
struct KeyRotationTests {
    private struct Scene {
        let fixture: ServiceFixture
        let chief: Person
        let key: String
        let holder: Data

        init(_ keeping: StoreKind) async throws {
            fixture = try ServiceFixture(keeping)
            chief = try await fixture.agent("chief", .administrator)
            let chief = chief
            let made = try await chief.administration.createKey(
                .with {
                    $0.header = chief.header()
                    $0.kind = .principalIntegration
                    $0.name = "Bridge"
                    $0.channel = "bridge"
                }
            )
            key = made.apiKey
            holder = made.principal.id
        }

        func identity(_ key: String) async throws -> CallerIdentity {
            let person = try await fixture.nobody().signingIn(apiKey: key)
            return try await fixture.services.registry.authenticate(token: Array(person.token))
        }

        func refused(_ key: String) async -> Reason? {
            await refusal { () async throws(RPCError) in
                try await fixture.nobody().signingIn(apiKey: key)
            }?.reason
        }
    }

    @Test(
        "Both keys work until the old one is revoked, which ends its sessions alone",
        arguments: StoreKind.allCases
    )
    func rotation(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let registry = scene.fixture.services.registry
        let old = try await scene.identity(scene.key)
        let id = scene.fixture.newID
        let made = try await scene.chief.rotateKey(of: scene.holder, id: id)
        #expect(made.principal.id == scene.holder && made.principal.name == "Bridge")
        let new = try await scene.identity(made.apiKey)
        #expect(new.id == old.id, "two keys of the same integration")
        #expect(registry.isValid(old) && registry.isValid(new))
        let repeated = try await scene.chief.rotateKey(of: scene.holder, id: id)
        #expect(repeated.apiKey.isEmpty && repeated.principal.id == scene.holder)
        let oldID = try #require(scene.key.split(separator: "_").dropFirst().first)
        try await scene.chief.revokeKey(String(oldID))
        #expect(!registry.isValid(old) && registry.isValid(new))
        #expect(await scene.refused(scene.key) == .keyRevoked)
        #expect(await scene.refused(made.apiKey) == nil)
    }

    @Test(
        "With a grace the old key and its sessions end by themselves",
        arguments: StoreKind.allCases
    )
    func grace(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let registry = scene.fixture.services.registry
        let old = try await scene.identity(scene.key)
        let made = try await scene.chief.rotateKey(of: scene.holder, grace: 60)
        let late = try await scene.identity(scene.key)
        let new = try await scene.identity(made.apiKey)
        scene.fixture.clock.advance(by: .seconds(60) - .milliseconds(1))
        #expect(registry.isValid(old) && registry.isValid(late))
        #expect(await scene.refused(scene.key) == nil)
        scene.fixture.clock.advance(by: .milliseconds(1))
        #expect(!registry.isValid(old) && !registry.isValid(late) && registry.isValid(new))
        #expect(await scene.refused(scene.key) == .keyRevoked)
        #expect(await scene.refused(made.apiKey) == nil)
    }

    @Test(
        "A sign-in that was under way while the key got its end ends with the key",
        arguments: StoreKind.allCases
    )
    func signInDuringRotation(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let fixture = scene.fixture
        let person = try await fixture.nobody().signingIn(apiKey: scene.key)
        let checked = try #require(try await fixture.identities.session(token: person.token))
        let keyID = try #require(checked.keyID)
        _ = try await scene.chief.rotateKey(of: scene.holder, grace: 60)
        let end = fixture.clock.now() + .seconds(60)
        let late = SessionRecord(
            token: try #require(Digest(Data(repeating: 1, count: 32))),
            principal: checked.principal,
            expiresAt: checked.expiresAt,
            keyID: keyID
        )
        let reply = await fixture.desk.submit(
            Submission(
                key: nil,
                principal: late.principal,
                change: .identity(.openSession(late, .key(keyID)))
            )
        )
        guard case .sessionOpened(let opened) = reply.acceptance?.result else {
            Issue.record("\(reply)")
            return
        }
        #expect(opened.expiresAt == end)
        let registry = fixture.services.registry
        let connected = try await registry.identity(of: checked)
        fixture.clock.advance(by: .seconds(60) - .milliseconds(1))
        #expect(registry.isValid(connected))
        fixture.clock.advance(by: .milliseconds(1))
        #expect(!registry.isValid(connected), "what was read before the rotation is not believed")
    }

    @Test("A grace of nothing ends the old key at once", arguments: StoreKind.allCases)
    func noGrace(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let old = try await scene.identity(scene.key)
        let made = try await scene.chief.rotateKey(of: scene.holder, grace: 0)
        #expect(!scene.fixture.services.registry.isValid(old))
        #expect(await scene.refused(scene.key) == .keyRevoked)
        #expect(await scene.refused(made.apiKey) == nil)
    }

    @Test(
        "A list of keys has whose each is and what became of it, and no secret",
        arguments: StoreKind.allCases
    )
    func list(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let made = try await scene.chief.rotateKey(of: scene.holder)
        scene.fixture.clock.advance(by: .seconds(5))
        _ = try await scene.identity(made.apiKey)
        try await scene.chief.revokeKey(made.keyID)
        var call = Docket_V1_ListKeysCall()
        call.limit = 1
        var keys: [Docket_V1_ListKeysReply.Key] = []
        repeat {
            let reply = try await scene.chief.administration.listKeys(call)
            keys += reply.keys
            call.page = reply.nextPage
        } while !call.page.isEmpty
        #expect(keys.count == 2)
        #expect(keys.allSatisfy { $0.principal.id == scene.holder && $0.channel == "bridge" })
        let new = try #require(keys.first { $0.keyID == made.keyID })
        #expect(new.lastUsedMilliseconds == new.createdMilliseconds + 5_000)
        #expect(new.hasRevokedMilliseconds && !new.hasExpiresMilliseconds)
        let old = try #require(keys.first { $0.keyID != made.keyID })
        #expect(!old.hasRevokedMilliseconds && !old.hasLastUsedMilliseconds)
    }

    @Test("Only an integration or a partner gets a further key, and an id names one thing")
    func wrongIDs() async throws {
        let scene = try await Scene(.memory)
        let guest = try await scene.fixture.guest()
        for id in [guest.id, scene.chief.id, scene.fixture.newID] {
            let refused = await refusal { () async throws(RPCError) in
                try await scene.chief.rotateKey(of: id)
            }
            #expect(refused?.reason == .notFound)
        }
        for keyID in ["0000000000000000", "nothing"] {
            let refused = await refusal { () async throws(RPCError) in
                try await scene.chief.revokeKey(keyID)
            }
            #expect(refused?.reason == .notFound)
        }
        let both = await refusal { () async throws(RPCError) in
            var call = Docket_V1_RevokeKeyCall()
            call.header = scene.chief.header()
            call.principalID = scene.holder
            call.keyID = "0000000000000000"
            return try await scene.chief.administration.revokeKey(call)
        }
        #expect(both?.reason == .invalidArgument)
    }
}
