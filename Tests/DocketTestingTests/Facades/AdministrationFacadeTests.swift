import DeskSupport
import DocketClient
import DocketCrypto
import Foundation
import Testing

@Suite("The library administers a desk", .timeLimit(.minutes(5)))
struct AdministrationFacadeTests {
    private let scene: ClientScene

    init() throws { scene = ClientScene(try DeskSubject(.sqlite)) }

    @Test("An agent is made, listed, locked out, let in again, and given a password")
    func agents() async throws {
        let root = try await scene.administrator()
        let administration = root.administration
        let made = try await administration.createAgent(
            login: "di",
            name: "Di",
            password: "battery staple",
            role: .supervisor
        )
        let id = try #require(made.id)
        #expect(made.kind == .agent && made.name == "Di")
        let listed = try await administration.agents().items
        #expect(listed.map(\.login) == ["di", "root"])
        #expect(listed[0].id == id && listed[0].role == .supervisor && !listed[0].isLocked)
        #expect(try await administration.agents(limit: 1).next != nil)
        let di = try await scene.signIn("di", password: "battery staple")
        #expect(try await di.agents.list().items.map(\.name) == ["Di", "root"])
        #expect(try await administration.lock(id) == 1)
        #expect(try await root.agents.list().items.map(\.login) == ["root"])
        #expect(try await administration.agents().items[0].isLocked)
        let lockedAgain = await refusal { () async throws(DocketClientError) in
            try await administration.lock(id)
        }
        #expect(lockedAgain == "no_change")
        try await administration.unlock(id)
        #expect(try await administration.setPassword("another battery", of: id) == 0)
        await #expect(throws: DocketClientError.self) {
            try await scene.signIn("di", password: "battery staple")
        }
        let back = try await scene.signIn("di", password: "another battery")
        #expect(try await back.sessions.describe().identity.role == .supervisor)
        #expect(try await administration.revokeSessions(of: id) == 1)
    }

    @Test("What would leave nobody to administer the desk is refused, as is a login twice")
    func refusals() async throws {
        let root = try await scene.administrator()
        let administration = root.administration
        let own = try #require(root.identity?.party.id)
        let last = await refusal { () async throws(DocketClientError) in
            try await administration.lock(own)
        }
        #expect(last == "last_administrator")
        let taken = await refusal { () async throws(DocketClientError) in
            try await administration.createAgent(login: "root", name: "R", password: "12345678")
        }
        #expect(taken == "login_taken")
    }

    @Test("A key is told once, listed without its secret, followed by another and ended")
    func keys() async throws {
        let administration = try await scene.administrator().administration
        let id = PartyID()
        let key = try await administration.createIntegration(
            name: "Shop",
            channel: "chat",
            id: id
        )
        let text = try #require(key.text)
        #expect(key.owner.id == id && key.owner.kind == .integration)
        #expect("\(key)".contains("Shop") && !"\(key)".contains(text))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains(text))
        let repeated = try await administration.createIntegration(
            name: "Shop",
            channel: "chat",
            id: id
        )
        #expect(repeated.text == nil && repeated.owner.id == id)
        let first = try #require(try await administration.keys().items.first)
        #expect(first.keyID == key.keyID && first.owner.name == "Shop" && first.channel == "chat")
        #expect(first.lastUsedAt == nil && first.revokedAt == nil && first.expiresAt == nil)
        _ = try await scene.client(as: .apiKey(text))
        let second = try await administration.rotateKey(of: id, grace: .seconds(60))
        #expect(second.keyID != key.keyID && second.text != nil)
        let keys = try await administration.keys().items
        #expect(keys.first { $0.keyID == key.keyID }?.expiresAt != nil)
        #expect(keys.first { $0.keyID == key.keyID }?.lastUsedAt != nil)
        try await administration.revokeKey(try #require(second.keyID))
        try await administration.revokeKeys(of: id)
        #expect(try await administration.keys().items.allSatisfy { $0.revokedAt != nil })
        await #expect(throws: DocketClientError.self) {
            try await scene.client(as: .apiKey(text))
        }
        let partner = try await administration.createPartner(name: "CRM")
        #expect(partner.owner.kind == .partner)
        let unknown = await refusal { () async throws(DocketClientError) in
            try await administration.createIntegration(name: "Fax", channel: "fax")
        }
        #expect(unknown == "unknown_channel")
    }

    @Test("The server's values are in the order of names")
    func stats() async throws {
        let values = try await scene.supervisor().administration.stats()
        #expect(values.map(\.name) == values.map(\.name).sorted())
        #expect(values.first { $0.name == "one" }?.value == 1)
    }

    @Test("A copy of the store is written whole to a new file, and never over another")
    func backup() async throws {
        let administration = try await scene.administrator().administration
        let folder = try TemporaryDirectory()
        let path = folder.path + "/copy"
        let copy = try await administration.backup(to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(copy.size == UInt64(bytes.count))
        #expect(copy.sha256 == SHA256.digest(of: bytes.span.bytes).bytes)
        #expect(bytes.starts(with: Data("SQLite format 3".utf8)))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        do throws(DocketClientError) {
            _ = try await administration.backup(to: path)
            Issue.record("a file was overwritten")
        } catch {
            #expect(error.code == .invalidInput)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy"])
    }

    @Test("Nobody but administrators administers, and supervisors read")
    func callers() async throws {
        let (supervisor, agent) = (try await scene.supervisor(), try await scene.agent())
        let own = try #require(agent.identity?.party.id)
        let folder = try TemporaryDirectory()
        let path = folder.path + "/copy"
        for (name, client) in [("supervisor", supervisor), ("agent", agent)] {
            let administration = client.administration
            let reasons = [
                await refusal { () async throws(DocketClientError) in
                    try await administration.lock(own)
                },
                await refusal { () async throws(DocketClientError) in
                    try await administration.keys()
                },
                await refusal { () async throws(DocketClientError) in
                    try await administration.backup(to: path)
                },
            ]
            #expect(reasons == ["not_found", "not_found", "not_found"], "\(name)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(try await supervisor.administration.agents().items.count == 2)
        let administration = agent.administration
        let reasons = [
            await refusal { () async throws(DocketClientError) in
                try await administration.agents()
            },
            await refusal { () async throws(DocketClientError) in
                try await administration.stats()
            },
        ]
        #expect(reasons == ["not_found", "not_found"])
    }
}
