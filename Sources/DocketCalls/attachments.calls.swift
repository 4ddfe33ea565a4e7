// Made from docket/v1/attachments.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Attachments`.
package enum AttachmentsMethods {
    /// Uploads a file for a conversation that the caller may read. An upload that broke off goes on
    /// where it ended: GetUpload says where that is. Whoever has too many files that no message names
    /// is refused with too_many_unused_files.
    package static let upload = Method(
        "docket.v1.Attachments/Upload", .clientStreaming,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: nil, isCommand: true)
    /// Says how far an upload of the caller's own has come. An upload that nobody began has come to
    /// its beginning.
    package static let getUpload = Method(
        "docket.v1.Attachments/GetUpload", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000))
    /// Gives the content of an attachment from an offset to its end.
    package static let download = Method(
        "docket.v1.Attachments/Download", .serverStreaming,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: nil)

    /// All of them.
    package static let all: [Method] = [upload, getUpload, download]
}

/// Files that belong to messages. A file is uploaded for a conversation first, and then a message
/// of its uploader's names it. Until then the uploader alone may download it; from then on everybody
/// may who may read the message, which is the staff alone where its request is internal. A file that
/// no message names within 24 hours is forgotten as if it had never been uploaded. What is forbidden
/// is answered like what is absent.
package protocol AttachmentsQueries: Sendable {
    /// Says how far an upload of the caller's own has come. An upload that nobody began has come to
    /// its beginning.
    func getUpload(
        _ call: Docket_V1_GetUploadCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetUploadReply
    /// Gives the content of an attachment from an offset to its end.
    func download(
        _ call: Docket_V1_DownloadCall, replies: ReplyWriter<Docket_V1_DownloadReply>,
        context: CallContext
    ) async throws(RPCError)
}

/// Files that belong to messages. A file is uploaded for a conversation first, and then a message
/// of its uploader's names it. Until then the uploader alone may download it; from then on everybody
/// may who may read the message, which is the staff alone where its request is internal. A file that
/// no message names within 24 hours is forgotten as if it had never been uploaded. What is forbidden
/// is answered like what is absent.
package protocol AttachmentsService: AttachmentsQueries {
    /// Uploads a file for a conversation that the caller may read. An upload that broke off goes on
    /// where it ended: GetUpload says where that is. Whoever has too many files that no message names
    /// is refused with too_many_unused_files.
    func upload(
        _ calls: MessageStream<Docket_V1_UploadCall>, context: CallContext
    ) async throws(RPCError) -> Docket_V1_UploadReply
}

extension AttachmentsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(AttachmentsMethods.getUpload) {
            (call, context) async throws(RPCError) in
            try await self.getUpload(call, context: context)
        }
        router.serverStreaming(AttachmentsMethods.download) {
            (call, replies, context) async throws(RPCError) in
            try await self.download(call, replies: replies, context: context)
        }
    }
}

extension AttachmentsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.clientStreaming(AttachmentsMethods.upload) {
            (calls, context) async throws(RPCError) in
            try await self.upload(calls, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Attachments`.
package struct AttachmentsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Uploads a file for a conversation that the caller may read. An upload that broke off goes on
    /// where it ended: GetUpload says where that is. Whoever has too many files that no message names
    /// is refused with too_many_unused_files.
    package func upload(
        options: CallOptions = CallOptions(),
        send: @escaping @Sendable (
            CallWriter<Docket_V1_UploadCall>
        ) async throws(RPCError) -> Void
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        try await channel.clientStreaming(
            AttachmentsMethods.upload, options: options, send: send)
    }

    /// Says how far an upload of the caller's own has come. An upload that nobody began has come to
    /// its beginning.
    package func getUpload(
        _ call: Docket_V1_GetUploadCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetUploadReply {
        try await channel.unary(AttachmentsMethods.getUpload, call, options: options)
    }

    /// Gives the content of an attachment from an offset to its end.
    package func download(
        _ call: Docket_V1_DownloadCall, options: CallOptions = CallOptions()
    ) throws(RPCError) -> MessageStream<Docket_V1_DownloadReply> {
        try channel.serverStreaming(AttachmentsMethods.download, call, options: options)
    }
}

extension Docket_V1_UploadCall: CommandCall {}
