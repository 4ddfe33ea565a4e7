import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketServices

@Suite("Files that no message names fill no disk")
struct UnusedFileTests {
    private static let day: Duration = .seconds(86_400)

    /// Lets time pass, and the desk forget what has outlived it.
    private func pass(_ span: Duration, on fixture: ServiceFixture, by guest: Person) async throws {
        fixture.clock.advance(by: span)
        // What tells that the desk has kept its house: it does so in whichever transaction is next.
        _ = try await guest.open()
    }

    private func content(of file: Docket_V1_Attachment, on fixture: ServiceFixture) -> Data? {
        FileManager.default.contents(atPath: fixture.files.path(of: Array(file.sha256)))
    }

    @Test("One file too many is refused before it is sent, and a message makes room for it")
    func limit() async throws {
        var limits = AttachmentLimits()
        limits.unusedFiles = 2
        let fixture = try ServiceFixture(attachments: limits)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let first = try await guest.upload(Data("1".utf8), to: conversation)
        let id = fixture.newID
        var large = TestUpload(content: Data("3".utf8), conversation: conversation, id: id, size: 2)
        try await guest.begin(large)
        try await guest.upload(Data("2".utf8), to: conversation)
        large.offset = 1
        let rest = large
        for _ in 0..<2 {
            let answer = await refusal { () async throws(RPCError) in try await guest.send(rest) }
            #expect(answer?.reason == .tooManyUnusedFiles)
            #expect(answer?.isFinal == false)
            #expect(answer?.trailer("limit") == "2")
        }
        #expect(try await guest.received(id) == 1, "what came before is kept")
        try await guest.upload(Data("1".utf8), to: conversation, id: first.id)
        try await guest.post("see", with: [first.id], in: conversation)
        try await guest.send(rest)
        #expect(try await guest.download(id).content == Data("33".utf8))
    }

    @Test(
        "A file is forgotten after 24 hours, and its content is removed after 24 more",
        arguments: StoreKind.allCases
    )
    func forgetting(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let unused = try await guest.upload(Data("abc".utf8), to: conversation)
        let used = try await guest.upload(Data("def".utf8), to: conversation)
        try await guest.post("see", with: [used.id], in: conversation)
        let attachments = fixture.services.attachments
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        let absent = await refusal { () async throws(RPCError) in
            try await guest.download(unused.id)
        }
        #expect(absent?.reason == .notFound)
        #expect(try await guest.progress(unused.id) == Docket_V1_GetUploadReply())
        let late = await refusal { () async throws(RPCError) in
            try await guest.post("late", with: [unused.id], in: conversation)
        }
        #expect(late?.reason == .attachmentUnusable)
        fixture.clock.advance(by: Self.day)
        await attachments.removeDiscarded()
        #expect(content(of: unused, on: fixture) == Data("abc".utf8), "a backup may wait for it")
        fixture.clock.advance(by: .milliseconds(1))
        await attachments.removeDiscarded()
        #expect(content(of: unused, on: fixture) == nil)
        #expect(try await guest.download(used.id).content == Data("def".utf8))
        #expect(try fixture.desk.use(ofContent: Array(unused.sha256)) == .none)
    }

    @Test("A content goes with the last file that has it, and not with one of two")
    func sharedContent() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let conversation = try await guest.open()
        let unused = try await guest.upload(Data("abc".utf8), to: conversation)
        let used = try await other.upload(Data("abc".utf8), to: try await other.open())
        try await other.post("see", with: [used.id], in: try await other.open())
        for _ in 0..<2 {
            try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
            await fixture.services.attachments.removeDiscarded()
        }
        #expect(try await guest.received(unused.id) == 0)
        #expect(try await other.download(used.id).content == Data("abc".utf8))
        #expect(try fixture.desk.use(ofContent: Array(used.sha256)) == .named)
    }

    @Test("A forgotten file that is uploaded again is a file, and its content stays")
    func again() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let file = try await guest.upload(Data("abc".utf8), to: conversation)
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        let anew = try await guest.upload(Data("abc".utf8), to: conversation, id: file.id)
        #expect(anew == file)
        await fixture.services.attachments.removeDiscarded()
        try await guest.post("see", with: [file.id], in: conversation)
        #expect(try await guest.download(file.id).content == Data("abc".utf8))
        // What was found of no use before does not count against what was forgotten since.
        let second = try await guest.upload(Data("xyz".utf8), to: conversation)
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        await fixture.services.attachments.removeDiscarded()
        #expect(content(of: second, on: fixture) == Data("xyz".utf8))
    }

    @Test("A content that an upload holds stays until it is registered, and for good then")
    func held() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let file = try await guest.upload(Data("abc".utf8), to: conversation)
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        let key = UploadKey(
            principal: try #require(PrincipalID(bytes: guest.id)),
            attachment: try #require(AttachmentID(bytes: file.id))
        )
        let upload = try fixture.files.begin(key, at: 0, of: 3, limit: 16)
        try upload.append(Data("abc".utf8))
        let found = try upload.complete()
        try fixture.files.keep(upload, as: found)
        fixture.files.end(key, upload)
        await fixture.services.attachments.removeDiscarded()
        #expect(content(of: file, on: fixture) == Data("abc".utf8))
        #expect(try fixture.desk.use(ofContent: found.sha256) == .discarded, "it is not settled")
        try await guest.upload(Data("abc".utf8), to: conversation, id: file.id)
        fixture.files.release(found.sha256)
        await fixture.services.attachments.removeDiscarded()
        #expect(try await guest.download(file.id).content == Data("abc".utf8))
    }

    @Test("A process goes on with a removal where the one before it ended")
    func restarts() async throws {
        let fixture = try ServiceFixture(.sqlite)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        var files: [Docket_V1_Attachment] = []
        for text in ["a", "b", "c"] {
            files.append(try await guest.upload(Data(text.utf8), to: conversation))
        }
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        // As a process leaves it that ends behind the removal and before it has said so ...
        let first = fixture.files.path(of: Array(files[0].sha256))
        try FileManager.default.removeItem(atPath: first)
        // ... which may have been behind the move of an upload too: the next holds nothing.
        let next = AttachmentsHandler(
            desk: fixture.desk,
            files: AttachmentFiles(folder: fixture.attachmentFolder),
            clock: fixture.clock
        )
        await next.removeDiscarded()
        for file in files {
            #expect(content(of: file, on: fixture) == nil)
            #expect(try fixture.desk.use(ofContent: Array(file.sha256)) == .none)
        }
    }

    @Test("What an upload brought that the desk refuses is removed at once")
    func refused() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let message = fixture.newID
        try await guest.post("a message", with: [], in: conversation, id: message)
        let brought = Data("abc".utf8)
        let path = fixture.files.path(
            of: Array(try await guest.upload(brought, to: conversation).sha256)
        )
        let refuse = { () async throws in
            let answer = await refusal { () async throws(RPCError) in
                try await guest.upload(brought, to: conversation, id: message)
            }
            #expect(answer?.reason == .keyReused)
        }
        try await refuse()
        #expect(FileManager.default.fileExists(atPath: path), "another file has the content")
        try await pass(Self.day + .milliseconds(1), on: fixture, by: guest)
        try await refuse()
        #expect(FileManager.default.fileExists(atPath: path), "a backup may wait for it")
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        await fixture.services.attachments.removeDiscarded()
        #expect(!FileManager.default.fileExists(atPath: path))
        try await refuse()
        #expect(!FileManager.default.fileExists(atPath: path), "nobody has it")
    }
}
