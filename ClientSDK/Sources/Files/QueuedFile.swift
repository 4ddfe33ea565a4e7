internal import DocketCrypto

/// A file that a queued command names; its content is in the spool.
struct QueuedFile: Hashable, Sendable {
    /// The attachment's id, which is the id of the upload.
    var id: AttachmentID
    /// The place of the command that needs it.
    let position: UInt64
    /// The place among the command's files.
    let index: Int
    /// For which conversation it is uploaded.
    let conversation: ConversationID
    /// The name that readers see.
    let name: String
    /// How many bytes it has.
    let size: UInt64
    /// What tells its content from all others.
    let digest: SHA256Digest
    /// The name of its content in the spool.
    let spoolName: SpoolName
}

extension QueuedFile {
    /// What is uploaded of it.
    func spooled(in spool: any Spool) -> UploadedContent {
        UploadedContent(
            id: id,
            conversation: conversation,
            name: name,
            content: .spooled(spool, spoolName, size: size),
            sha256: digest.bytes
        )
    }
}

/// The name of a content in the spool.
typealias SpoolName = Identifier<QueuedFile>

/// A content that is in the spool, for a command that is yet to be queued.
struct SpooledFile: Hashable, Sendable {
    let id: AttachmentID
    let name: String
    let size: UInt64
    let digest: SHA256Digest
    let spoolName: SpoolName

    /// The file of the command that has got this place.
    func queued(
        _ index: Int,
        of command: QueuedCommand,
        in conversation: ConversationID
    ) -> QueuedFile {
        QueuedFile(
            id: id,
            position: command.position,
            index: index,
            conversation: conversation,
            name: name,
            size: size,
            digest: digest,
            spoolName: spoolName
        )
    }
}
