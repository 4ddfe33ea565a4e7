import DeskSupport
import DocketCalls
import DocketCrypto
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketServices

@Suite("Files go up, into a message, and down again")
struct AttachmentTests {
    private static let photo = Data([0xFF, 0xD8, 0xFF] + (0..<100_000).map { UInt8($0 % 251) })

    private func digest(_ content: Data) -> Data {
        Data(SHA256.digest(of: content.span.bytes).bytes)
    }

    @Test("A file is what its content is, whatever its name says", arguments: StoreKind.allCases)
    func upload(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let id = fixture.newID
        let uploaded = try await guest.upload(
            Self.photo,
            named: "report.pdf",
            to: conversation,
            id: id
        )
        #expect(uploaded.id == id)
        #expect(uploaded.name == "report.pdf")
        #expect(uploaded.mediaType == "image/jpeg")
        #expect(uploaded.size == UInt64(Self.photo.count))
        #expect(uploaded.sha256 == digest(Self.photo))
        let progress = try await guest.progress(id)
        #expect(progress.received == uploaded.size)
        #expect(progress.attachment == uploaded)
    }

    @Test("A message brings its files to everybody who reads it", arguments: StoreKind.allCases)
    func message(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let first = try await guest.upload(Self.photo, named: "1.jpg", to: conversation)
        let second = try await guest.upload(Data("two".utf8), named: "2.txt", to: conversation)
        let posted = try await guest.post("", with: [second.id, first.id], in: conversation)
        let request = try await agent.get(posted.requestID)
        #expect(request.description_p == "2.txt", "a message without text is called by its file")
        let history = try await agent.history(of: conversation)
        let event = try #require(history.entries.first { $0.offset == posted.offset }).event
        #expect(event.messagePosted.attachments == [second, first])
        #expect(event.messagePosted.text == "")
        for reader in [guest, agent] {
            let (attachment, content) = try await reader.download(first.id)
            #expect(attachment == first)
            #expect(content == Self.photo)
        }
    }

    @Test("A download begins anywhere in the file, and at its end")
    func parts() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let file = try await guest.upload(Self.photo, to: conversation)
        for offset in [0, 1, 59_999, 60_000, 60_001, Self.photo.count - 1, Self.photo.count] {
            let (attachment, content) = try await guest.download(file.id, from: UInt64(offset))
            #expect(attachment == file)
            #expect(content == Self.photo.dropFirst(offset), "from \(offset)")
        }
        let beyond = await refusal { () async throws(RPCError) in
            try await guest.download(file.id, from: file.size + 1)
        }
        #expect(beyond?.reason == .offsetMismatch)
        #expect(beyond?.trailer("offset") == "\(file.size)")
        let empty = try await guest.upload(Data(), to: conversation)
        #expect(try await guest.download(empty.id).content.isEmpty)
    }

    @Test("An upload that broke off goes on from where GetUpload says", arguments: [1, 15_000])
    func resuming(chunk: Int) async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let content = Self.photo.prefix(chunk == 1 ? 300 : 100_000)
        var upload = TestUpload(
            content: content.prefix(content.count / 3),
            conversation: conversation,
            id: fixture.newID,
            size: UInt64(content.count),
            sha256: digest(content),
            chunk: chunk
        )
        #expect(try await guest.received(upload.id) == 0)
        try await guest.begin(upload)
        upload.offset = try await guest.received(upload.id)
        #expect(upload.offset == UInt64(content.count / 3))
        for wrong in [0, upload.offset - 1, upload.offset + 1, UInt64(content.count)] {
            var other = upload
            other.offset = wrong
            let answer = await refusal { () async throws(RPCError) in try await guest.send(other) }
            #expect(answer?.reason == .offsetMismatch)
            #expect(answer?.trailer("offset") == "\(upload.offset)")
        }
        upload.content = content.dropFirst(content.count / 3)
        let uploaded = try await guest.send(upload)
        #expect(uploaded.sha256 == digest(content))
        #expect(try await guest.download(upload.id).content == content)
    }

    @Test("A file is as large as the limit and not a byte larger")
    func sizeLimit() async throws {
        var limits = AttachmentLimits()
        limits.bytes = 1_000
        let fixture = try ServiceFixture(attachments: limits)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await guest.upload(Data(count: 1_000), to: conversation)
        let answer = await refusal { () async throws(RPCError) in
            try await guest.upload(Data(count: 1_001), to: conversation)
        }
        #expect(answer?.reason == .attachmentTooLarge)
        #expect(answer?.trailer("limit") == "1000")
        var liar = TestUpload(
            content: Data(count: 1_001),
            conversation: conversation,
            id: fixture.newID
        )
        liar.size = 1_000
        let more = await refusal { () async throws(RPCError) in try await guest.send(liar) }
        #expect(more?.reason == .sizeMismatch)
    }

    @Test("A chunk has at most 15,000 bytes")
    func chunks() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        var upload = TestUpload(
            content: Data(count: 15_001),
            conversation: conversation,
            id: fixture.newID,
            chunk: 15_001
        )
        let answer = await refusal { () async throws(RPCError) in try await guest.send(upload) }
        #expect(answer?.reason == .fieldTooLong)
        #expect(answer?.trailer("field") == "data")
        upload.chunk = 15_000
        try await guest.send(upload)
    }

    @Test("The desk takes the kinds of files it names, by their content")
    func types() async throws {
        var limits = AttachmentLimits()
        limits.types = ["image/jpeg"]
        let fixture = try ServiceFixture(attachments: limits)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await guest.upload(Self.photo, named: "a.exe", to: conversation)
        let id = fixture.newID
        let answer = await refusal { () async throws(RPCError) in
            try await guest.upload(Data("MZ".utf8), named: "a.jpg", to: conversation, id: id)
        }
        #expect(answer?.reason == .attachmentTypeRefused)
        #expect(answer?.trailer("media_type") == "text/plain")
        #expect(try await guest.received(id) == 0, "nothing of it is left")
    }

    @Test("What arrived as something else than was announced is dropped, and uploaded anew")
    func damage() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        var upload = TestUpload(
            content: Data("wrong".utf8),
            conversation: try await guest.open(),
            id: fixture.newID,
            sha256: digest(Data("right".utf8))
        )
        let first = upload
        let answer = await refusal { () async throws(RPCError) in try await guest.send(first) }
        #expect(answer?.reason == .contentMismatch)
        #expect(try await guest.received(upload.id) == 0)
        upload.content = Data("right".utf8)
        try await guest.send(upload)
    }

    @Test("A first message with a field that cannot be is refused by the field's name")
    func fields() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let good = TestUpload(
            content: Data("abc".utf8),
            conversation: try await guest.open(),
            id: fixture.newID
        )
        let spoiled: [(String, Reason, (inout TestUpload) -> Void)] = [
            ("header.command_id", .fieldMissing, { $0.id = Data() }),
            ("header.command_id", .invalidIdentifier, { $0.id = Data(count: 16) }),
            ("conversation_id", .fieldMissing, { $0.conversation = Data() }),
            ("conversation_id", .invalidIdentifier, { $0.conversation = Data(count: 15) }),
            ("name", .fieldMissing, { $0.name = "" }),
            ("name", .fieldTooLong, { $0.name = String(repeating: "n", count: 256) }),
            ("name", .invalidArgument, { $0.name = "../x" }),
            (
                "offset", .invalidArgument,
                {
                    $0.offset = 4
                    $0.size = 3
                }
            ),
            ("sha256", .invalidArgument, { $0.sha256 = Data(count: 31) }),
        ]
        for (field, reason, spoil) in spoiled {
            var upload = good
            spoil(&upload)
            let bad = upload
            let answer = await refusal { () async throws(RPCError) in try await guest.send(bad) }
            #expect(answer?.reason == reason, "\(field)")
            #expect(answer?.trailer("field") == field)
        }
        let silent = await refusal { () async throws(RPCError) in
            try await guest.attachments.upload { _ async throws(RPCError) in }
        }
        #expect(silent?.reason == .wrongMessageCount)
        try await guest.send(good)
    }

    @Test("The same upload again gets the same answer; another one gets none")
    func repetition() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let other = try await fixture.guest("Other")
        let upload = TestUpload(
            content: Data("abc".utf8),
            conversation: try await guest.open(),
            id: fixture.newID,
            sha256: digest(Data("abc".utf8))
        )
        let first = try await guest.send(upload)
        #expect(try await guest.send(upload) == first)
        var unsure = upload
        unsure.sha256 = Data()
        #expect(try await guest.send(unsure) == first)
        unsure.offset = 3
        unsure.content = Data()
        #expect(try await guest.send(unsure) == first)
        let changes: [(inout TestUpload) -> Void] = [
            { $0.name = "other" }, { $0.content = Data("abcd".utf8) },
            {
                $0.sha256 = Data()
                $0.content = Data("abd".utf8)
            },
        ]
        for change in changes {
            var changed = upload
            change(&changed)
            let bad = changed
            let answer = await refusal { () async throws(RPCError) in try await guest.send(bad) }
            #expect(answer?.reason == .keyReused)
        }
        let stolen = await refusal { () async throws(RPCError) in try await agent.send(upload) }
        #expect(stolen?.reason == .keyReused)
        let blind = await refusal { () async throws(RPCError) in try await other.send(upload) }
        #expect(blind?.reason == .notFound)
        #expect(try await guest.download(upload.id).content == upload.content)
    }

    @Test("A file whose upload was not told to anybody is registered by the upload's repetition")
    func unregistered() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let id = fixture.newID
        // As a process leaves it that ends behind the move and before the registration.
        let key = UploadKey(
            principal: try #require(PrincipalID(bytes: guest.id)),
            attachment: try #require(AttachmentID(bytes: id))
        )
        let upload = try fixture.files.begin(key, at: 0, of: 3, limit: 16)
        try upload.append(Data("abc".utf8))
        try fixture.files.keep(upload, as: try upload.complete())
        fixture.files.end(key, upload)
        let absent = await refusal { () async throws(RPCError) in try await guest.download(id) }
        #expect(absent?.reason == .notFound)
        #expect(try await guest.received(id) == 0)
        try await guest.upload(Data("abc".utf8), to: conversation, id: id)
        #expect(try await guest.download(id).content == Data("abc".utf8))
    }

    @Test("Until a message names it, a file is its uploader's alone")
    func privacy() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let file = try await guest.upload(Data("abc".utf8), to: conversation)
        let absent = await refusal { () async throws(RPCError) in
            try await agent.download(fixture.newID)
        }
        for stranger in [agent, other] {
            let answer = await refusal { () async throws(RPCError) in
                try await stranger.download(file.id)
            }
            #expect(answer == absent)
            #expect(try await stranger.received(file.id) == 0)
        }
        try await guest.post("see", with: [file.id], in: conversation)
        try await agent.download(file.id)
        let stranger = await refusal { () async throws(RPCError) in
            try await other.download(file.id)
        }
        #expect(stranger == absent)
    }

    @Test("A message has the files it may have, and a refusal names the one it may not")
    func unusable() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let other = try await fixture.guest("Other")
        let conversation = try await guest.open()
        let good = try await guest.upload(Data("1".utf8), to: conversation).id
        let used = try await guest.upload(Data("2".utf8), to: conversation).id
        let opened = try await guest.post("", with: [used], in: conversation)
        try await agent.take(opened.requestID)
        let elsewhere = try await other.upload(Data("3".utf8), to: try await other.open()).id
        let agents = try await agent.upload(Data("4".utf8), to: conversation).id
        let unfinished = TestUpload(
            content: Data("5".utf8),
            conversation: conversation,
            id: fixture.newID,
            size: 2
        )
        try await guest.begin(unfinished)
        for id in [used, elsewhere, agents, unfinished.id, fixture.newID, good] {
            let answer = await refusal { () async throws(RPCError) in
                try await guest.post("x", with: [good, id], in: conversation)
            }
            #expect(answer?.reason == .attachmentUnusable)
            #expect(answer?.trailer("attachment") == AttachmentID(bytes: id)?.description)
        }
        try await guest.post("x", with: [good], in: conversation)
        try await agent.post("y", with: [agents], in: conversation)
    }

    @Test("A message has at most ten files, and none of nothing")
    func count() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        var ids: [Data] = []
        for number in 0..<11 {
            ids.append(try await guest.upload(Data([UInt8(number)]), to: conversation).id)
        }
        let eleven = ids
        let many = await refusal { () async throws(RPCError) in
            try await guest.post("x", with: eleven, in: conversation)
        }
        #expect(many?.reason == .tooManyAttachments)
        #expect(many?.trailer("limit") == "10")
        let empty = await refusal { () async throws(RPCError) in
            try await guest.post("", with: [], in: conversation)
        }
        #expect(empty?.reason == .fieldMissing)
        let long = await refusal { () async throws(RPCError) in
            try await guest.post(
                String(repeating: "x", count: 16_385),
                with: [eleven[0]],
                in: conversation
            )
        }
        #expect(long?.reason == .fieldTooLong)
        let posted = try await guest.post("", with: Array(ids.prefix(10)), in: conversation)
        #expect(posted.offset > 0)
    }

    @Test("A message with files that is repeated is one message", arguments: StoreKind.allCases)
    func repeatedPost(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let file = try await guest.upload(Data("1".utf8), to: conversation)
        let id = fixture.newID
        let first = try await guest.post("x", with: [file.id], in: conversation, id: id)
        let again = try await guest.post("x", with: [file.id], in: conversation, id: id)
        #expect(first == again)
        let reused = await refusal { () async throws(RPCError) in
            try await guest.post("x", with: [], in: conversation, id: id)
        }
        #expect(reused?.reason == .keyReused)
    }

    @Test("An integration brings the files of its contacts")
    func integration() async throws {
        let fixture = try ServiceFixture()
        let bridge = try await fixture.keyHolder("Bridge", channel: "bridge")
        let contact = try await bridge.contacts.ensure(
            .with {
                $0.header = bridge.header()
                $0.externalID = "17"
                $0.name = "Ana"
            }
        ).contact.id
        let conversation = try await bridge.open(on: "bridge", for: contact)
        let file = try await bridge.upload(Self.photo, to: conversation)
        try await bridge.post("", with: [file.id], in: conversation)
        let agent = try await fixture.agent("agent")
        #expect(try await agent.download(file.id).content == Self.photo)
    }

    @Test("The content that is gone from the disk is a fault of the server's, and nothing more")
    func lost() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let file = try await guest.upload(Data("abc".utf8), to: conversation)
        try FileManager.default.removeItem(atPath: fixture.files.path(of: Array(file.sha256)))
        let answer = await refusal { () async throws(RPCError) in
            try await guest.download(file.id)
        }
        #expect(answer?.reason == .serverError)
    }

    @Test("Ten files from one principal at a time arrive whole")
    func concurrent() async throws {
        let fixture = try ServiceFixture(.sqlite)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    let content = Self.photo + Data([UInt8(number)])
                    let file = try await guest.upload(content, to: conversation)
                    return try await guest.download(file.id).content == content
                }
            }
            for try await isWhole in group { #expect(isWhole) }
        }
    }

    @Test("A principal has so many unfinished uploads, and completing one makes room")
    func unfinished() async throws {
        var limits = AttachmentLimits()
        limits.unfinishedUploads = 2
        let fixture = try ServiceFixture(attachments: limits)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let uploads = (0..<3).map { _ in
            TestUpload(
                content: Data("a".utf8),
                conversation: conversation,
                id: fixture.newID,
                size: 2
            )
        }
        for upload in uploads.prefix(2) { try await guest.begin(upload) }
        let answer = await refusal { () async throws(RPCError) in
            try await guest.send(uploads[2])
        }
        #expect(answer?.reason == .tooManyUploads)
        #expect(answer?.isFinal == false)
        #expect(answer?.trailer("limit") == "2")
        var rest = uploads[0]
        rest.offset = 1
        try await guest.send(rest)
        try await guest.begin(uploads[2])
    }

    @Test("An upload is forgotten 24 hours after its last byte, and not before")
    func abandoned() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let upload = TestUpload(
            content: Data("a".utf8),
            conversation: try await guest.open(),
            id: fixture.newID,
            size: 2
        )
        try await guest.begin(upload)
        let key = UploadKey(
            principal: try #require(PrincipalID(bytes: guest.id)),
            attachment: try #require(AttachmentID(bytes: upload.id))
        )
        let now = Double(fixture.clock.now().milliseconds / 1_000)
        for (age, received) in [(86_399.0, 1), (86_401.0, 0)] as [(Double, UInt64)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: now - age)],
                ofItemAtPath: fixture.files.path(of: key)
            )
            await fixture.services.attachments.removeAbandoned()
            #expect(try await guest.received(upload.id) == received)
        }
    }
}
