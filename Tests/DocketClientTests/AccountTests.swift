import Foundation
import Testing

@testable import DocketClient

@Suite("What a profile knows of its server is its owner's alone, and holds no password")
struct AccountTests {
    private let fixture: StoreFixture
    private let folder: String

    init() throws {
        fixture = try StoreFixture()
        folder = fixture.folder + "/profile"
    }

    private var account: ProfileAccount {
        let server = Server(host: "::1", port: 7_443, trust: .authorities(pem: "PEM"))
        let moment = Timestamp(millisecondsSinceEpoch: 5)
        var account = ProfileAccount(
            server: server,
            session: SessionToken(bytes: [1, 2, 3], expiresAt: moment)
        )
        account.conversations["chat"] = ConversationID()
        return account
    }

    private func write(_ text: String, permissions: Int = 0o600) throws {
        _ = try Profile.open(at: folder)
        let path = folder + "/account.json"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions],
            ofItemAtPath: path
        )
    }

    @Test("It is read as it was written, and forgotten when that is asked for")
    func kept() throws {
        #expect(try ProfileAccount.read(at: folder) == nil)
        let account = account
        try account.write(at: folder)
        try account.write(at: folder)
        #expect(try ProfileAccount.read(at: folder) == account)
        #expect(try fixture.permissions(of: folder + "/account.json") == 0o600)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files == ["account.json"])
        ProfileAccount.remove(at: folder)
        #expect(try ProfileAccount.read(at: folder) == nil)
    }

    @Test("Another file, one of a newer version and one that others can change are refused")
    func refused() throws {
        for text in ["", "{}", "[1]", #"{"v":1,"server":"nowhere","conversations":{}}"#] {
            try write(text)
            #expect(throws: ProfileError.damaged("\(folder)/account.json is not an account")) {
                try ProfileAccount.read(at: folder)
            }
        }
        try write(#"{"v":2,"server":"h:1","conversations":{}}"#)
        #expect(throws: ProfileError.tooNew) { try ProfileAccount.read(at: folder) }
        try write(#"{"v":1,"server":"h:1","conversations":{}}"#, permissions: 0o666)
        #expect(throws: ProfileError.notOwned(folder + "/account.json")) {
            try ProfileAccount.read(at: folder)
        }
    }

    @Test("Erasing a profile leaves nothing that signs in, and gives up no message unasked")
    func erased() async throws {
        try Profile.erase(at: folder)
        let profile = try Profile.open(at: folder)
        try account.write(at: folder)
        try await profile.store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        #expect(throws: ProfileError.busy(processID: getpid())) { try Profile.erase(at: folder) }
        profile.close()
        #expect(throws: ProfileError.unsent(1)) { try Profile.erase(at: folder) }
        #expect(try ProfileAccount.read(at: folder)?.server == account.server)
        try Profile.erase(at: folder, discardingUnsent: true)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files == ["engine.lock"])
    }

    @Test("A draft is there again as it was written, for its owner alone, until it is empty")
    func draft() throws {
        let draft = ProfileDraft(of: ConversationID(), inProfileAt: folder)
        #expect(try draft.read() == nil)
        try draft.write("half a mess")
        try draft.write("half a message\n…")
        #expect(try draft.read() == "half a message\n…")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/drafts")
        #expect(files.count == 1)
        #expect(try fixture.permissions(of: "\(folder)/drafts/\(files[0])") == 0o600)
        try draft.write("")
        #expect(try draft.read() == nil)
        #expect(throws: ProfileError.self) {
            try draft.write(String(repeating: "a", count: ProfileDraft.longest + 1))
        }
        try draft.write("again")
        try Profile.erase(at: folder)
        #expect(try draft.read() == nil)
    }

    @Test("A session signs in without a secret until it ends, and then somebody has to")
    func session() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        let token = try #require(fixture.client.session)
        #expect("\(Credential.session(token))" == "session")
        let client = try DocketClient(
            FaultyConnector(to: fixture.desk),
            as: .session(token),
            clock: fixture.clock.engineClock,
            random: SystemRandomNumberGenerator()
        )
        try await client.signedIn()
        #expect(client.identity?.party.id == fixture.client.identity?.party.id)
        client.close()
        fixture.desk.expireSessions()
        let late = try DocketClient(
            FaultyConnector(to: fixture.desk),
            as: .session(token),
            clock: fixture.clock.engineClock,
            random: SystemRandomNumberGenerator()
        )
        for await state in late.states {
            if case .needsLogin = state { break }
            if case .offline = state { late.reconnectNow() }
        }
        late.close()
    }
}
