/// A file that is to be sent with a message.
public struct AttachmentDraft: Sendable {
    /// The attachment's id.
    public let id: AttachmentID
    /// The name that readers see; 1 to 255 bytes without separators of paths.
    public let name: String
    /// What is in it.
    public let content: AttachmentContent

    /// Describes a file that is to be sent.
    ///
    /// - Parameters:
    ///   - content: What is in it: bytes, or a file of this machine.
    ///   - name: The name that readers see; 1 to 255 bytes without separators of paths.
    ///   - id: The attachment's id.
    public init(
        _ content: AttachmentContent,
        name: String,
        id: AttachmentID = AttachmentID()
    ) {
        self.id = id
        self.name = name
        self.content = content
    }
}

/// A file of a message in the outbox.
public struct QueuedAttachment: Hashable, Sendable {
    /// The attachment's id.
    public let id: AttachmentID
    /// The name that readers see.
    public let name: String
    /// How many bytes it has.
    public let size: UInt64
    /// How many bytes of it have been sent, as far as this client knows.
    public let sent: UInt64
    /// Whether the server has all of it.
    public let isUploaded: Bool
}

extension QueuedAttachment {
    init(_ file: QueuedFile, sent: UInt64, isUploaded: Bool) {
        id = file.id
        name = file.name
        size = file.size
        self.sent = sent
        self.isUploaded = isUploaded
    }
}
