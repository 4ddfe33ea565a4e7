/// A file that belongs to a message, without its content.
package struct Attachment: Hashable, Sendable {
    /// The attachment's id.
    package let id: AttachmentID
    /// The name its uploader gave it: 1 to 255 bytes, without a path.
    package let name: String
    /// What the content is, by the content itself and never by the name, such as `image/png`.
    package let mediaType: String
    /// How many bytes it has.
    package let size: UInt64
    /// SHA-256 of the content, 32 bytes.
    package let sha256: [UInt8]

    /// Describes a file.
    package init(
        id: AttachmentID,
        name: String,
        mediaType: String,
        size: UInt64,
        sha256: [UInt8]
    ) {
        self.id = id
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.sha256 = sha256
    }
}

/// The id of an attachment.
package typealias AttachmentID = Identifier<Attachment>
