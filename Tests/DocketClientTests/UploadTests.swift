import DocketMessages
import DocketRPC
import DocketTestSupport
import Foundation
import Testing

@testable import DocketClient

@Suite("Files travel with their message through the outbox", .timeLimit(.minutes(5)))
struct UploadTests {
    private let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    private let other = ConversationID()

    private func draft(_ name: String = "file") -> AttachmentDraft {
        AttachmentDraft(.bytes(bytes), name: name)
    }

    /// The outcome of a message, while short waits pass.
    private func outcome(
        of message: PendingMessage,
        _ fixture: borrowing Fixture
    ) async -> SendOutcome {
        let clock = fixture.clock
        let passing = Task {
            while !Task.isCancelled { await clock.passNextWait(within: .seconds(5)) }
        }
        defer { passing.cancel() }
        return await message.outcome()
    }

    private func open(
        _ profile: Profile,
        _ fixture: borrowing Fixture
    ) async throws -> DocketClient {
        try await DocketClient.open(
            profile,
            over: fixture.connector,
            as: .newGuest(name: "Ana"),
            clock: fixture.clock.engineClock,
            random: SeededRandom(seed: 3)
        )
    }

    /// What is in the spool of a profile.
    private func spooled(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder + "/spool")) ?? []
    }

    @Test("Queued offline, the file deleted, the client closed: all of it arrives, and once")
    func offline() async throws {
        let place = try StoreFixture()
        let fixture = try Fixture()
        let id = try await fixture.client.openConversation(channel: "chat").id
        fixture.connector.refuseNext(RPCError(.draining, "down", retryAfter: .seconds(600)))
        var profile = try Profile.open(at: place.folder)
        var client = try await open(profile, fixture)
        let path = place.folder + "-source"
        try Data(bytes).write(to: URL(filePath: path))
        let file = AttachmentDraft(try .file(path), name: "source")
        let message = try await client.conversation(id).send("look", attachments: [file])
        try FileManager.default.removeItem(atPath: path)
        #expect(message.attachments.map(\.size) == [100_000])
        #expect(spooled(place.folder).count == 1)
        let name = try #require(spooled(place.folder).first)
        #expect(try place.permissions(of: place.folder + "/spool") == 0o700)
        #expect(try place.permissions(of: place.folder + "/spool/" + name) == 0o600)
        client.close()
        profile.close()
        profile = try Profile.open(at: place.folder)
        client = try await open(profile, fixture)
        let again = try #require(client.outbox.message(message.id))
        guard case .delivered = await outcome(of: again, fixture) else {
            Issue.record("not delivered")
            return
        }
        #expect(fixture.desk.posts.map(\.attachmentIds) == [[Data(file.id.bytes)]])
        #expect(fixture.desk.files.content(of: Data(file.id.bytes)) == Data(bytes))
        #expect(spooled(place.folder).isEmpty)
        client.close()
        profile.close()
    }

    @Test("An upload that broke off goes on from where the server has come to")
    func resumed() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.files.fail(after: 40_000)
        let message = try await chat.send("look", attachments: [draft()])
        guard case .delivered = await outcome(of: message, fixture) else {
            Issue.record("not delivered")
            return
        }
        let offsets = fixture.desk.files.uploadOffsets
        #expect(offsets.first == 0)
        #expect(offsets.count == 2)
        #expect(offsets.last.map { $0 >= 40_000 } == true)
    }

    @Test("Only the message waits for its files, and those behind it in its conversation for it")
    func onlyTheMessage() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let wait = RPCError(.tooManyUnusedFiles, "full", retryAfter: .seconds(40))
        fixture.desk.files.refuseUploads(wait)
        let withFile = try await chat.send("with a file", attachments: [draft()])
        let behind = try await chat.send("behind it")
        let elsewhere = try await fixture.client.conversation(other).send("elsewhere")
        guard case .delivered = await elsewhere.outcome() else {
            Issue.record("the other conversation waits")
            return
        }
        #expect(fixture.desk.texts == ["elsewhere"])
        #expect(withFile.attachments.map(\.isUploaded) == [false])
        await fixture.clock.passNextWait(within: .seconds(41))
        guard case .delivered = await outcome(of: behind, fixture) else {
            Issue.record("not delivered")
            return
        }
        #expect(fixture.desk.texts == ["elsewhere", "with a file", "behind it"])
    }

    @Test("A refused file stops its message with the reason; a retry uploads under a new id")
    func refused() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.files.refuseUploads(RPCError(.attachmentTypeRefused, "no such files"))
        let file = draft()
        let message = try await chat.send("look", attachments: [file])
        let behind = try await chat.send("behind it")
        guard case .refused(let refusal) = await message.outcome() else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.reason == "attachment_type_refused")
        #expect(await behind.outcome() == .waiting(behind: CommandID(message.id)))
        #expect(fixture.desk.postCalls == 0)
        let retried = try #require(try await fixture.client.outbox.retry(message.id))
        guard case .delivered = await outcome(of: retried, fixture),
            case .delivered = await outcome(of: behind, fixture)
        else {
            Issue.record("not delivered")
            return
        }
        let ids = try #require(fixture.desk.posts.first { $0.text == "look" }?.attachmentIds)
        #expect(ids.count == 1)
        #expect(ids != [Data(file.id.bytes)])
        #expect(fixture.desk.files.content(of: ids[0]) == Data(bytes))
    }

    @Test("A post tells of a refused file, and holds up nothing")
    func refusedPost() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.files.refuseUploads(RPCError(.attachmentTooLarge, "too large"))
        let answer = try await chat.post("look", attachments: [draft()])
        guard case .refused(let refusal) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(refusal.reason == "attachment_too_large")
        #expect(try fixture.client.outbox.messages().isEmpty)
        guard case .posted = try await chat.post("next") else {
            Issue.record("the next message waits")
            return
        }
    }

    @Test("A content that is gone or damaged stops its message, and does not arrive as another")
    func lost() async throws {
        for damage in [true, false] {
            let place = try StoreFixture()
            let fixture = try Fixture()
            let id = try await fixture.client.openConversation(channel: "chat").id
            fixture.connector.refuseNext(RPCError(.draining, "down", retryAfter: .seconds(60)))
            let profile = try Profile.open(at: place.folder)
            let client = try await open(profile, fixture)
            let message = try await client.conversation(id).send("look", attachments: [draft()])
            let name = try #require(spooled(place.folder).first)
            let path = place.folder + "/spool/" + name
            if damage {
                try Data(count: bytes.count).write(to: URL(filePath: path))
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
            client.reconnectNow()
            guard case .failed(let refusal) = await outcome(of: message, fixture) else {
                Issue.record("not stopped")
                return
            }
            #expect(refusal.reason == "damaged")
            #expect(refusal.particulars == "file")
            #expect(fixture.desk.posts.isEmpty)
            #expect(try await client.outbox.discard(message.id))
            #expect(spooled(place.folder).isEmpty)
            client.close()
            profile.close()
        }
    }

    @Test("What a process left in the spool before its message was kept is swept away")
    func orphans() async throws {
        let place = try StoreFixture()
        let fixture = try Fixture()
        let spool = FolderSpool(folder: place.folder + "/spool")
        _ = try await spool.keep(.bytes(bytes), as: SpoolName())
        let profile = try Profile.open(at: place.folder)
        let client = try await open(profile, fixture)
        #expect(spooled(place.folder).isEmpty)
        client.close()
        profile.close()
    }

    @Test("What cannot be copied, or is too much, is an error, and nothing of it is kept")
    func errors() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        await fixture.goOffline()
        let large = [UInt8](repeating: 0, count: 26_214_401)
        await #expect(throws: EnqueueError.attachmentTooLarge("large", limit: 26_214_400)) {
            try await chat.send("", attachments: [AttachmentDraft(.bytes(large), name: "large")])
        }
        let full = (0..<3).map { number in
            AttachmentDraft(.bytes(Array(large.prefix(26_214_400))), name: "\(number)")
        }
        await #expect(throws: EnqueueError.outboxFull(.files(64 << 20))) {
            try await chat.send("", attachments: full)
        }
        let path = NSTemporaryDirectory() + UUID().uuidString
        try Data(bytes).write(to: URL(filePath: path))
        let shrinking = AttachmentDraft(try .file(path), name: "shrinking")
        try Data().write(to: URL(filePath: path))
        await #expect(throws: EnqueueError.attachmentUnreadable("the file became shorter")) {
            try await chat.send("", attachments: [shrinking])
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try fixture.client.outbox.messages().isEmpty)
        let draft = draft()
        let id = MessageID()
        _ = try await chat.send("", attachments: [draft], id: id)
        _ = try await chat.send("", attachments: [draft], id: id)
        let changed = AttachmentDraft(.bytes([1]), name: "file", id: draft.id)
        await #expect(throws: EnqueueError.keyReused) {
            try await chat.send("", attachments: [changed], id: id)
        }
        #expect(try fixture.client.outbox.messages().map(\.attachments.count) == [1])
    }

    @Test("The timeline shows how far the files of a waiting message have come")
    func progress() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.files.fail(after: 40_000)
        _ = try await chat.send("look", attachments: [draft("photo")])
        for try await view in chat.timeline() {
            guard case .queued(let message)? = view.items.last,
                let file = message.attachments.first, file.sent > 0
            else { continue }
            #expect(file.name == "photo")
            #expect(file.size == 100_000)
            break
        }
    }
}
