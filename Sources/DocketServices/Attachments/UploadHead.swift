internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// What the first message of an upload says, once it was checked.
struct UploadHead: Sendable {
    /// The longest piece of a file in one message, in bytes: with what else the first message
    /// says it fits one frame, so that a message costs its sender what it holds.
    static let chunkBytes = 15_000

    /// The attachment to be.
    let id: AttachmentID
    let conversation: ConversationID
    let name: String
    let size: UInt64
    let offset: UInt64
    /// SHA-256 of the whole file, where the caller knows it.
    let sha256: [UInt8]?
    /// The call's header, for the command that registers the attachment.
    let header: Docket_V1_CommandHeader

    /// Checks what does not depend on the desk's limits: those may have changed since the upload
    /// was accepted that the call repeats.
    init(_ call: Docket_V1_UploadCall) throws(RPCError) {
        id = try identifier(call.header.commandID, "header.command_id")
        conversation = try identifier(call.conversationID, "conversation_id")
        try require(call.name, atMost: FileName.maximumBytes, "name")
        guard FileName.isValid(call.name) else { throw .field(.invalidArgument, "name") }
        guard call.offset <= call.size else { throw .field(.invalidArgument, "offset") }
        guard call.sha256.isEmpty || call.sha256.count == Digest.byteCount else {
            throw .field(.invalidArgument, "sha256")
        }
        name = call.name
        size = call.size
        offset = call.offset
        sha256 = call.sha256.isEmpty ? nil : Array(call.sha256)
        header = call.header
    }

    /// Refuses a file that is larger than the desk takes.
    func checkSize(_ limits: AttachmentLimits) throws(RPCError) {
        guard size > limits.bytes else { return }
        throw RPCError(
            .attachmentTooLarge,
            "an attachment has at most \(limits.bytes) bytes",
            isNotProcessed: true,
            trailers: [.text("limit", "\(limits.bytes)")]
        )
    }

    /// Whether an attachment that is there already is what this call uploads, as far as the first
    /// message tells.
    func matches(_ record: AttachmentRecord, of principal: Principal) -> Bool {
        let attachment = record.attachment
        return record.uploader == principal.id && record.conversation == conversation
            && attachment.name == name && attachment.size == size
            && sha256.map { $0 == attachment.sha256 } ?? true
    }

    /// The call as its repetition has to be: with the digest of the content in the place of the
    /// content, from wherever each went on.
    func command(of content: InspectedContent) -> Docket_V1_UploadCall {
        .with {
            $0.header = header
            $0.conversationID = conversation.data
            $0.name = name
            $0.size = size
            $0.sha256 = Data(content.sha256)
        }
    }
}
