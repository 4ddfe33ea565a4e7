import DocketCalls
import DocketCrypto
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

extension IntegrationTests {
    @Suite("Files outlive the server's process, and a check finds what is wrong with them")
    struct AttachmentTests {
        private static let content = Data((0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

        /// The messages of an upload from an offset to another.
        private static func messages(
            _ id: Data,
            to conversation: Data,
            _ content: Data,
            _ part: Range<Int>
        ) -> [Docket_V1_UploadCall] {
            let head = Docket_V1_UploadCall.with {
                $0.header.commandID = id
                $0.conversationID = conversation
                $0.name = "file"
                $0.size = UInt64(content.count)
                $0.offset = UInt64(part.lowerBound)
            }
            let pieces = stride(from: part.lowerBound, to: part.upperBound, by: 15_000)
            return [head]
                + pieces.map { start in
                    .with { $0.data = content[start..<min(start + 15_000, part.upperBound)] }
                }
        }

        private static func send(
            _ messages: [Docket_V1_UploadCall],
            by client: TestClient
        ) async throws(RPCError) -> Docket_V1_Attachment {
            try await AttachmentsCaller(channel: client.connection).upload {
                writer async throws(RPCError) in
                for message in messages { try await writer.write(message) }
            }.attachment
        }

        private static func received(
            _ id: Data,
            by client: TestClient
        ) async throws(RPCError) -> UInt64 {
            try await AttachmentsCaller(channel: client.connection)
                .getUpload(.with { $0.attachmentID = id }).received
        }

        private static func download(
            _ id: Data,
            by client: TestClient
        ) async throws(RPCError) -> Data {
            var content = Data()
            let call = Docket_V1_DownloadCall.with { $0.attachmentID = id }
            let replies = try AttachmentsCaller(channel: client.connection).download(call)
            for try await reply in replies { content += reply.data }
            return content
        }

        @Test("An upload goes on in the process after the one that was killed, over TLS")
        func killed() async throws {
            let folder = try TestFolder()
            var server = try await TestServer.start(in: folder)
            var client = try await TestClient(to: server)
            let guest = try await client.becomeGuest()
            let conversation = try await client.open()
            let id = TestClient.newID()
            let half = Self.messages(id, to: conversation, Self.content, 0..<300_000)
            let first = client
            let answer = await refusal { () async throws(RPCError) in
                try await Self.send(half, by: first)
            }
            #expect(answer?.reason == .sizeMismatch)
            try await server.kill()
            server = try await TestServer.start(in: folder)
            client = try await TestClient(to: server)
            try await client.signIn(guest)
            #expect(try await Self.received(id, by: client) == 300_000)
            let rest = Self.messages(id, to: conversation, Self.content, 300_000..<600_000)
            let file = try await Self.send(rest, by: client)
            #expect(file.sha256 == Data(SHA256.digest(of: Self.content.span.bytes).bytes))
            _ = try await client.conversations.post(
                .with {
                    $0.header.commandID = TestClient.newID()
                    $0.conversationID = conversation
                    $0.attachmentIds = [id]
                }
            )
            try await server.kill()
            server = try await TestServer.start(in: folder)
            client = try await TestClient(to: server)
            try await client.signIn(guest)
            #expect(try await Self.download(id, by: client) == Self.content)
            #expect(try await server.stop() == 0)
            try await check(folder, Self.path(of: file.sha256))
        }

        private static func path(of sha256: Data) -> String {
            let digits = sha256.map { String(format: "%02x", $0) }.joined()
            return "data/attachments/\(digits.prefix(2))/\(digits.dropFirst(2))"
        }

        /// Looks at the folder of a server that has ended, with one content, and damages that.
        private func check(_ folder: TestFolder, _ content: String) async throws {
            #expect(try folder.permissions(of: content) == 0o600)
            let data = folder("data")
            let sound = try await TestServer.run("check", "--deep", "--data", data, in: folder)
            #expect(sound.status == 0)
            #expect(sound.output.hasSuffix("attachments: sound (contents: 1)\n"))
            var changed = Self.content
            changed[500_000] ^= 1
            try changed.write(to: URL(filePath: folder(content)))
            let quick = try await TestServer.run("check", "--data", data, in: folder)
            #expect(quick.status == 0)
            let deep = try await TestServer.run("check", "--deep", "--data", data, in: folder)
            #expect(deep.status == 1 && deep.output.contains("is not the content it was"))
            folder.remove(content)
            let missing = try await TestServer.run("check", "--data", data, in: folder)
            #expect(missing.status == 1 && missing.output.contains("is missing"))
        }

        @Test(
            "On a full file system an upload is refused as transient, and goes on with room",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func fullFileSystem() async throws {
            let folder = try TestFolder()
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            let server = try await TestServer.start(in: folder)
            let client = try await TestClient(to: server)
            _ = try await client.becomeGuest()
            let conversation = try await client.open()
            try Data(count: 5 << 20).write(to: URL(filePath: folder("data/filler")))
            let content = Data(count: 4 << 20)
            let id = TestClient.newID()
            let all = Self.messages(id, to: conversation, content, 0..<content.count)
            let answer = await refusal { () async throws(RPCError) in
                try await Self.send(all, by: client)
            }
            #expect(answer?.reason == .diskFull)
            #expect(answer?.isFinal == false)
            folder.remove("data/filler")
            let there = Int(try await Self.received(id, by: client))
            #expect(there < content.count)
            let rest = Self.messages(id, to: conversation, content, there..<content.count)
            let file = try await Self.send(rest, by: client)
            #expect(file.size == UInt64(content.count))
            #expect(try await Self.download(id, by: client) == content)
            #expect(try await server.stop() == 0)
        }
    }
}
