import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

/// An upload as a test makes it: right in everything that is not said otherwise.
struct TestUpload: Sendable {
    /// What is sent.
    var content: Data
    /// The conversation.
    var conversation: Data
    /// The attachment's id.
    var id: Data
    var name = "file"
    /// The declared size; nil for that of the content behind the offset.
    var size: UInt64?
    /// Where the content begins in the file.
    var offset: UInt64 = 0
    var sha256 = Data()
    /// Bytes in a message.
    var chunk = 15_000

    /// The messages, the first of which brings no data.
    var messages: [Docket_V1_UploadCall] {
        let first = Docket_V1_UploadCall.with {
            $0.header.commandID = id
            $0.conversationID = conversation
            $0.name = name
            $0.size = size ?? offset + UInt64(content.count)
            $0.offset = offset
            $0.sha256 = sha256
        }
        let pieces = stride(from: 0, to: content.count, by: chunk).map { start in
            Docket_V1_UploadCall.with { $0.data = content.dropFirst(start).prefix(chunk) }
        }
        return [first] + pieces
    }
}

extension Person {
    var attachments: AttachmentsCaller { AttachmentsCaller(channel: channel) }

    /// Uploads a file.
    @discardableResult
    func upload(
        _ content: Data,
        named name: String = "file",
        to conversation: Data,
        id: Data? = nil
    ) async throws(RPCError) -> Docket_V1_Attachment {
        try await send(
            TestUpload(
                content: content,
                conversation: conversation,
                id: id ?? fixture.newID,
                name: name
            )
        )
    }

    /// Makes an upload.
    @discardableResult
    func send(_ upload: TestUpload) async throws(RPCError) -> Docket_V1_Attachment {
        let messages = upload.messages
        return try await attachments.upload { writer async throws(RPCError) in
            for message in messages { try await writer.write(message) }
        }.attachment
    }

    /// Sends the beginning of an upload, and gives up when all of it is on the disk.
    func begin(_ upload: TestUpload) async throws(RPCError) {
        let failure = await refusal { () async throws(RPCError) in try await send(upload) }
        guard failure?.reason == .sizeMismatch else {
            throw failure ?? RPCError(.serverError, "the upload was complete")
        }
    }

    /// How many bytes of an upload are there.
    func received(_ id: Data) async throws(RPCError) -> UInt64 {
        try await progress(id).received
    }

    func progress(_ id: Data) async throws(RPCError) -> Docket_V1_GetUploadReply {
        try await attachments.getUpload(.with { $0.attachmentID = id })
    }

    /// Downloads a file, and gives what the first message said of it.
    @discardableResult
    func download(
        _ id: Data,
        from offset: UInt64 = 0
    ) async throws(RPCError) -> (attachment: Docket_V1_Attachment, content: Data) {
        let call = Docket_V1_DownloadCall.with {
            $0.attachmentID = id
            $0.offset = offset
        }
        var attachment = Docket_V1_Attachment()
        var content = Data()
        for try await reply in try attachments.download(call) {
            if reply.hasAttachment { attachment = reply.attachment }
            content += reply.data
        }
        return (attachment, content)
    }

    @discardableResult
    func post(
        _ text: String,
        with attachments: [Data],
        in conversation: Data,
        for request: Data = Data(),
        id: Data? = nil
    ) async throws(RPCError) -> Docket_V1_PostReply {
        try await conversations.post(
            .with {
                $0.header = header(id)
                $0.conversationID = conversation
                $0.requestID = request
                $0.text = text
                $0.attachmentIds = attachments
            }
        )
    }
}
