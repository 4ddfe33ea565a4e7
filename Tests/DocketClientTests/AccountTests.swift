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
        try Data("token".utf8).write(to: URL(filePath: folder + "/account.json.aB3dEf"))
        try ProfileAccount.remove(at: folder)
        #expect(try ProfileAccount.read(at: folder) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
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

    @Test("Of several that write at once each writes it whole, and nothing else stays")
    func together() async throws {
        _ = try ProfileFolder.prepare(folder, fileSystem: nil)
        let path = folder + "/account.json"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for byte in UInt8(1)...8 {
                group.addTask {
                    for _ in 0..<40 {
                        let bytes = [UInt8](repeating: byte, count: 10_000 + Int(byte))
                        try DurableFiles.replace(path, with: bytes)
                        let found = try DurableFiles.read(path, upTo: 1 << 20)
                        let first = try #require(found.first)
                        #expect(found == .init(repeating: first, count: 10_000 + Int(first)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["account.json"])
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
