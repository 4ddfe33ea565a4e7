import DocketMessages
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("Erasing a profile leaves nothing of it, and gives up no message unasked")
struct ErasingTests {
    private let fixture: StoreFixture
    private let folder: String

    init() throws {
        fixture = try StoreFixture()
        folder = fixture.folder + "/profile"
    }

    private static let account = ProfileAccount(
        server: Server(host: "::1", port: 7_443, trust: .authorities(pem: "PEM")),
        session: SessionToken(bytes: [1, 2, 3], expiresAt: Timestamp(millisecondsSinceEpoch: 5))
    )

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    private func write(_ name: String) throws {
        let url = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data("secret".utf8).write(to: url)
    }

    /// Opens the profile, keeps something in it, and closes it.
    private func keep(_ changes: LocalChange...) async throws {
        let profile = try Profile.open(at: folder)
        try await profile.store.commit(changes)
        profile.close()
    }

    @Test("It wants nobody at work in it, and everything delivered or given up")
    func refused() async throws {
        try Profile.erase(at: folder)
        let profile = try Profile.open(at: folder)
        try Self.account.write(at: folder)
        try await profile.store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        #expect(throws: ProfileError.busy(processID: getpid())) { try Profile.erase(at: folder) }
        profile.close()
        #expect(throws: ProfileError.unsent(1)) { try Profile.erase(at: folder) }
        #expect(try ProfileAccount.read(at: folder)?.server == Self.account.server)
        try Profile.erase(at: folder, discardingUnsent: true)
        #expect(try files == ["engine.lock"])
    }

    @Test("Customers' files, damaged files that were set aside and what was being written go too")
    func remains() async throws {
        let (command, call) = StoreFixture.command(1)
        let file = StoreFixture.file(1)
        try await keep(
            .owner(StoreFixture.guest),
            .queue(command, call: call),
            .queueFile(file)
        )
        try Self.account.write(at: folder)
        for name in [
            "spool/\(file.spoolName)", "spool/left-over", "drafts/\(ConversationID())",
            "drafts/draft.aB3dEf", "account.json.aB3dEf", "state.sqlite-journal",
            "state.sqlite.corrupt-1741", "state.sqlite.corrupt-1741-wal", "state.sqlite.damaged",
            "state.sqlite.salvaging", "state.sqlite.salvaged", "state.sqlite.salvaged-wal",
            "state.sqlite.scratch", "engine.sock",
        ] { try write(name) }
        try Profile.erase(at: folder, discardingUnsent: true)
        #expect(try files == ["engine.lock"])
        let profile = try Profile.open(at: folder)
        #expect(profile.salvage == nil)
        #expect(try profile.store.content().owner == nil)
        profile.close()
    }

    @Test("What is not the profile's stays, also behind a link")
    func others() async throws {
        try await keep(.owner(StoreFixture.guest))
        let elsewhere = fixture.folder + "/elsewhere"
        try FileManager.default.createDirectory(
            atPath: elsewhere,
            withIntermediateDirectories: false
        )
        try Data().write(to: URL(filePath: elsewhere + "/file"))
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/spool",
            withDestinationPath: elsewhere
        )
        try write("notes.txt")
        try write("drafts/mine/notes.txt")
        try Profile.erase(at: folder)
        #expect(try files == ["drafts", "engine.lock", "notes.txt"])
        #expect(FileManager.default.fileExists(atPath: elsewhere + "/file"))
    }

    @Test("What a relay has taken in, and what it has yet to deliver, are messages too")
    func relays() async throws {
        let contact = ExternalContact(id: "ana@example.org", name: "Ana")
        let incoming = QueuedIncoming(
            position: 1,
            relay: "mail",
            id: MessageID(),
            channel: "email",
            contact: contact,
            text: "It is dark here.",
            title: nil,
            sentAt: nil,
            files: [],
            inReplyTo: []
        )
        let event = Docket_V1_Event.with {
            $0.conversationID = Data(ConversationID().bytes)
            $0.requestID = Data(RequestID().bytes)
            $0.requestNumber = 5
            $0.messagePosted.messageID = Data(MessageID().bytes)
            $0.messagePosted.text = "We are on our way."
        }
        var outgoing = try #require(
            QueuedOutgoing(ReplicaEvent(event, at: 7), to: contact, of: "mail")
        )
        try await keep(.relay(.incoming(incoming)), .relay(.outgoing(outgoing)))
        #expect(throws: ProfileError.unsent(2)) { try Profile.erase(at: folder) }
        try await keep(.relay(.incomingDone(incoming.id, of: "mail")))
        #expect(throws: ProfileError.unsent(1)) { try Profile.erase(at: folder) }
        outgoing.isSettled = true
        try await keep(.relay(.outgoing(outgoing)))
        try Profile.erase(at: folder)
        #expect(try files == ["engine.lock"])
    }

    @Test("Once begun it is carried through by whoever comes next to the profile")
    func pending() async throws {
        func beginAndEnd() async throws {
            try await keep(.owner(StoreFixture.guest), StoreFixture.queue(1))
            try Self.account.write(at: folder)
            try write("spool/file")
            try write("erase.pending")
        }
        try await beginAndEnd()
        let draft = ProfileDraft(of: ConversationID(), inProfileAt: folder)
        #expect(try ProfileAccount.read(at: folder) == nil)
        let profile = try Profile.open(at: folder)
        #expect(try profile.store.content().owner == nil)
        #expect(try profile.store.content().commands.isEmpty)
        profile.close()
        #expect(try files == ["engine.lock", "state.sqlite"])
        try await beginAndEnd()
        // Nobody is asked again about messages that were given up.
        try Profile.erase(at: folder)
        #expect(try files == ["engine.lock"])
        try await beginAndEnd()
        try Self.account.write(at: folder)
        #expect(try ProfileAccount.read(at: folder) == Self.account)
        #expect(try files == ["account.json", "engine.lock"])
        try draft.write("half a mess")
        try await beginAndEnd()
        #expect(try draft.read() == nil)
        try draft.write("again")
        #expect(try draft.read() == "again")
        #expect(try files == ["drafts", "engine.lock"])
    }

    @Test("A file that cannot be removed is named, and the profile is not used before it is gone")
    func stuck() async throws {
        try await keep(.owner(StoreFixture.guest))
        try write("state.sqlite.corrupt-1741/file")
        let error = #expect(throws: ProfileError.self) { try Profile.erase(at: folder) }
        #expect("\(try #require(error))".contains("state.sqlite.corrupt-1741"))
        #expect(throws: ProfileError.self) { try Profile.open(at: folder) }
        try FileManager.default.removeItem(atPath: folder + "/state.sqlite.corrupt-1741")
        try Profile.open(at: folder).close()
        #expect(try files == ["engine.lock", "state.sqlite"])
    }
}
