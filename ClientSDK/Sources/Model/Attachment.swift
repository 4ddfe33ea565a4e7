internal import DocketMessages

extension Message {
    /// A file that belongs to a message, without its content.
    ///
    /// `DocketClient.download(_:to:within:)` gets the content.
    public struct Attachment: Hashable, Sendable {
        /// Its id, made by its uploader.
        public let id: AttachmentID
        /// The name its uploader gave it.
        ///
        /// It comes from outside: filter it before it reaches a terminal, and take no path from it.
        public let name: String
        /// What the content is by the content itself, such as `image/png`;
        /// `application/octet-stream` where the server does not know.
        public let mediaType: String
        /// How many bytes the content has.
        public let size: UInt64
        /// SHA-256 of the content, 32 bytes.
        public let sha256: [UInt8]
    }
}

/// The id of a file, which is also the id of the command that uploads it.
public typealias AttachmentID = Identifier<Message.Attachment>

extension Message.Attachment {
    /// The file that the protocol's message describes; nil where it has no id.
    init?(_ attachment: Docket_V1_Attachment) {
        guard let id = AttachmentID(bytes: attachment.id) else { return nil }
        self.id = id
        name = attachment.name
        mediaType = attachment.mediaType
        size = attachment.size
        sha256 = Array(attachment.sha256)
    }
}
