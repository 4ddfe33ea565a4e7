import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import Synchronization
import Testing

@testable import DocketClient

@Suite("Files arrive whole, however often the way breaks off", .timeLimit(.minutes(5)))
struct AttachmentTests {
    private let second = Duration.seconds(1)
    private let folder: URL
    private let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "docket-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    /// The error of something that has to fail.
    private func failure<Value>(
        _ body: () async throws(DocketClientError) -> Value
    ) async -> DocketClientError? {
        do throws(DocketClientError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("Bytes and files are uploaded, and downloaded into a new file")
    func whole() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        try Data(bytes).write(to: URL(filePath: path("source")))
        let contents: [(AttachmentContent, [UInt8])] = [
            (.bytes(bytes), bytes), (try .file(path("source")), bytes), (.bytes([]), []),
            (.bytes([1]), [1]),
        ]
        for (number, (content, expected)) in contents.enumerated() {
            let file = try await chat.upload(content, name: "file")
            #expect(file.size == UInt64(expected.count))
            let target = path("target \(number)")
            try await fixture.client.download(file, to: target)
            #expect(try Data(contentsOf: URL(filePath: target)) == Data(expected))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 5, "nothing partial is left: \(names)")
    }

    @Test("An upload that broke off goes on from where the server has come to")
    func resumedUpload() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.files.fail(after: 40_000)
        async let uploaded = chat.upload(.bytes(bytes), name: "file")
        await fixture.clock.passNextWait(within: second)
        let file = try await uploaded
        #expect(file.size == 100_000)
        #expect(fixture.desk.files.uploadOffsets.first == 0)
        #expect(fixture.desk.files.uploadOffsets.count == 2)
        #expect(fixture.desk.files.uploadOffsets.last.map { $0 >= 40_000 } == true)
    }

    @Test("An upload whose reply was lost is not sent again")
    func lostReply() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.loseReplies(of: AttachmentsMethods.upload)
        let id = AttachmentID()
        async let uploaded = chat.upload(.bytes(bytes), name: "file", id: id)
        await fixture.clock.passNextWait(within: second)
        #expect(try await uploaded.id == id)
        #expect(fixture.desk.files.uploadOffsets == [0])
        let again = try await chat.upload(.bytes(bytes), name: "file", id: id)
        #expect(again.id == id)
        #expect(fixture.desk.files.uploadOffsets == [0])
        let other = await failure { () async throws(DocketClientError) in
            try await chat.upload(.bytes([1]), name: "file", id: id)
        }
        #expect(other?.refusal?.reason == "key_reused")
    }

    @Test("A file whose name has 255 bytes is saved")
    func longName() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let file = try await chat.upload(.bytes(bytes), name: "file")
        let name = String(repeating: "é", count: 127) + "x"
        try await fixture.client.download(file, to: path(name))
        #expect(try Data(contentsOf: URL(filePath: path(name))) == Data(bytes))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.count == 1, "nothing unfinished is left")
    }

    @Test("A download that broke off goes on behind what is there")
    func resumedDownload() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let file = try await chat.upload(.bytes(bytes), name: "file")
        fixture.desk.files.fail(after: 40_000)
        let target = path("target")
        async let done: Void = fixture.client.download(file, to: target)
        await fixture.clock.passNextWait(within: second)
        try await done
        #expect(try Data(contentsOf: URL(filePath: target)) == Data(bytes))
        #expect(fixture.desk.files.downloadOffsets == [0, 45_000])
    }

    @Test(
        "A download goes on where one of another process broke off, and replaces what it is told to"
    )
    func takenUp() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let file = try await chat.upload(.bytes(bytes), name: "file")
        let partial = path(".\(file.id).partial")
        let target = path("target")
        try Data("mine".utf8).write(to: URL(filePath: target))
        try Data(bytes.prefix(30_000)).write(to: URL(filePath: partial))
        let told = Mutex<[UInt64]>([])
        try await fixture.client.download(file, to: target, replacing: true) { received in
            told.withLock { $0.append(received) }
        }
        #expect(try Data(contentsOf: URL(filePath: target)) == Data(bytes))
        #expect(fixture.desk.files.downloadOffsets == [30_000])
        let progress = told.withLock { $0 }
        #expect(progress.first == 30_000 && progress.last == file.size)
        #expect(progress == progress.sorted())
        // What another file has left under the name is found out by the digest, and goes.
        try Data(count: 30_000).write(to: URL(filePath: partial))
        let client = fixture.client
        let wrong = await failure { () async throws(DocketClientError) in
            try await client.download(file, to: path("second"))
        }
        #expect(wrong?.code == .incompatible)
        try await client.download(file, to: path("second"))
        #expect(try Data(contentsOf: URL(filePath: path("second"))) == Data(bytes))
    }

    @Test("Nothing is overwritten, and nothing is left of what is not what it should be")
    func refusals() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let file = try await chat.upload(.bytes(bytes), name: "file")
        let client = fixture.client
        let target = path("target")
        try Data("mine".utf8).write(to: URL(filePath: target))
        let exists = await failure { () async throws(DocketClientError) in
            try await client.download(file, to: target)
        }
        #expect(exists?.code == .invalidInput)
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8))
        for damaged in [Data(count: 100_000), Data(bytes) + [1], Data(bytes.dropLast())] {
            fixture.desk.files.damage(damaged)
            let answer = await failure { () async throws(DocketClientError) in
                try await client.download(file, to: path("damaged"))
            }
            #expect(answer?.code == .incompatible)
        }
        let nowhere = await failure { () async throws(DocketClientError) in
            try await client.download(file, to: path("no/such/folder"))
        }
        #expect(nowhere?.code == .invalidInput)
        for bad in ["absent", ""] {
            #expect(throws: DocketClientError.self) { try AttachmentContent.file(path(bad)) }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["target"])
    }
}
