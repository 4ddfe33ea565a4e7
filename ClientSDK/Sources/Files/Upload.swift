internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// What is uploaded, and as what.
struct UploadedContent: Sendable {
    let id: AttachmentID
    let conversation: ConversationID
    let name: String
    let content: AttachmentContent
    let sha256: [UInt8]
}

/// One upload, over as many calls as it takes: each asks how far the ones before it came.
final class Upload: Sendable {
    /// The longest piece in one message, in bytes (docket/v1/attachments.proto, UploadCall.data).
    private static let chunkBytes = 15_000

    private let content: AttachmentContent
    private let head: Docket_V1_UploadCall
    private let limit: Duration
    private let progress: @Sendable (UInt64) -> Void
    private let unreadable = Mutex<DocketClientError?>(nil)

    /// An upload that has not begun.
    ///
    /// - Parameters:
    ///   - uploaded: What to upload.
    ///   - limit: How long one attempt may take.
    ///   - progress: Told how many bytes have been sent.
    init(
        _ uploaded: UploadedContent,
        limit: Duration,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) {
        content = uploaded.content
        self.limit = limit
        self.progress = progress
        head = .with {
            $0.header.commandID = Data(uploaded.id.bytes)
            $0.conversationID = Data(uploaded.conversation.bytes)
            $0.name = uploaded.name
            $0.size = uploaded.content.size
            $0.sha256 = Data(uploaded.sha256)
        }
    }

    /// Why the content cannot be read, where it cannot.
    var failure: DocketClientError? { unreadable.withLock { $0 } }

    /// Uploads all of it.
    func run(on client: DocketClient) async throws(DocketClientError) -> Message.Attachment {
        let uploaded: Docket_V1_Attachment
        do throws(DocketClientError) {
            uploaded = try await client.call(within: limit) {
                (channel, _) async throws(RPCError) in try await self.attempt(on: channel)
            }
        } catch {
            throw failure ?? error
        }
        guard let attachment = Message.Attachment(uploaded) else {
            throw .malformed("an attachment without its id")
        }
        return attachment
    }

    /// Uploads what the server does not have yet.
    ///
    /// - Parameter channel: The connection to do it on.
    /// - Returns: What the server has then.
    /// - Throws: The refusal, or why there is no answer; `key_reused` where the id is that of other
    ///   content.
    @discardableResult
    func attempt(
        on channel: any CallChannel
    ) async throws(RPCError) -> Docket_V1_Attachment {
        let caller = AttachmentsCaller(channel: channel)
        let known = try await caller.getUpload(
            .with { $0.attachmentID = head.header.commandID },
            options: CallOptions(timeout: Engine.attemptTime)
        )
        var attachment = known.attachment
        if !known.hasAttachment {
            // The upload itself takes as long as it takes: a connection that is dead is found out
            // by its silence.
            attachment = try await caller.upload(options: CallOptions(timeout: limit)) {
                writer async throws(RPCError) in try await self.send(from: known.received, writer)
            }.attachment
        }
        guard attachment.sha256 == head.sha256 else {
            throw RPCError(.keyReused, "the id was used for another file")
        }
        return attachment
    }

    private func send(
        from start: UInt64,
        _ writer: CallWriter<Docket_V1_UploadCall>
    ) async throws(RPCError) {
        var offset = start
        var call = head
        call.offset = start
        repeat {
            let chunk = try await chunk(at: offset)
            call.data = Data(chunk)
            try await writer.write(call)
            offset += UInt64(chunk.count)
            progress(offset)
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
            unreadable.withLock { $0 = error }
            throw RPCError(.invalidArgument, error.message)
        }
    }
}
