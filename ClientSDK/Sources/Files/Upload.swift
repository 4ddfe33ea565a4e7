internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// One upload, over as many calls as it takes: each asks how far the ones before it came.
final class Upload: Sendable {
    /// The longest piece in one message, in bytes (docket/v1/attachments.proto, UploadCall.data).
    private static let chunkBytes = 15_000

    private let content: AttachmentContent
    private let head: Docket_V1_UploadCall
    private let limit: Duration
    /// Why the content cannot be read, where it cannot.
    private let failure = Mutex<DocketClientError?>(nil)

    /// An upload that has not begun.
    init(
        _ content: AttachmentContent,
        sha256: [UInt8],
        name: String,
        id: AttachmentID,
        to conversation: ConversationID,
        within limit: Duration
    ) {
        self.content = content
        self.limit = limit
        head = .with {
            $0.header.commandID = Data(id.bytes)
            $0.conversationID = Data(conversation.bytes)
            $0.name = name
            $0.size = content.size
            $0.sha256 = Data(sha256)
        }
    }

    /// Uploads all of it.
    func run(on client: DocketClient) async throws(DocketClientError) -> Message.Attachment {
        let uploaded: Docket_V1_Attachment
        do throws(DocketClientError) {
            uploaded = try await client.call(within: limit) {
                (channel, _) async throws(RPCError) in try await self.attempt(on: channel)
            }
        } catch {
            throw failure.withLock { $0 } ?? error
        }
        guard uploaded.sha256 == head.sha256 else {
            throw DocketClientError(.invalidInput, "the id was used for another file")
        }
        guard let attachment = Message.Attachment(uploaded) else {
            throw .malformed("an attachment without its id")
        }
        return attachment
    }

    private func attempt(
        on channel: any CallChannel
    ) async throws(RPCError) -> Docket_V1_Attachment {
        let caller = AttachmentsCaller(channel: channel)
        let progress = try await caller.getUpload(.with { $0.attachmentID = head.header.commandID })
        guard !progress.hasAttachment else { return progress.attachment }
        let received = progress.received
        // The upload itself takes as long as it takes: a connection that is dead is found out by
        // its silence.
        return try await caller.upload(options: CallOptions(timeout: limit)) {
            writer async throws(RPCError) in try await self.send(from: received, to: writer)
        }.attachment
    }

    private func send(
        from start: UInt64,
        to writer: CallWriter<Docket_V1_UploadCall>
    ) async throws(RPCError) {
        var offset = start
        var call = head
        call.offset = start
        repeat {
            let chunk = try await chunk(at: offset)
            call.data = Data(chunk)
            try await writer.write(call)
            offset += UInt64(chunk.count)
            call = Docket_V1_UploadCall()
        } while offset < content.size
    }

    private func chunk(at offset: UInt64) async throws(RPCError) -> [UInt8] {
        do throws(DocketClientError) {
            let chunk = try await content.read(Self.chunkBytes, at: offset)
            guard !chunk.isEmpty || offset >= content.size else {
                throw DocketClientError(.invalidInput, "the file became shorter")
            }
            return chunk
        } catch {
            failure.withLock { $0 = error }
            throw RPCError(.invalidArgument, error.message)
        }
    }
}
