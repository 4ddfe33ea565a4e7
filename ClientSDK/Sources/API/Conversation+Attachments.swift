internal import DocketRPC

extension Conversation {
    /// Uploads a file for a request that is to be opened; messages take their files with them.
    ///
    /// The upload goes on over reconnections from where it broke off. Uploading the same content
    /// again with the same id, also in another process, goes on too, or gives what is there. The
    /// server forgets a file that nothing names within 24 hours.
    ///
    /// - Parameters:
    ///   - content: What to upload.
    ///   - name: The name that readers see; 1 to 255 bytes without separators of paths.
    ///   - id: The attachment's id.
    ///   - limit: How long to try.
    /// - Returns: The attachment, for `RequestDraft.attachments`.
    /// - Throws: `refused` with the server's reason, such as `attachment_too_large`, or
    ///   `too_many_unused_files` where messages have to name some of the caller's files first;
    ///   `invalidInput` where the content cannot be read; `unreachable`, `outcomeUnknown`,
    ///   `needsLogin`, `cancelled`, `closed`.
    public func upload(
        _ content: AttachmentContent,
        name: String,
        id: AttachmentID = AttachmentID(),
        within limit: Duration = DocketClient.transferLimit
    ) async throws(DocketClientError) -> Message.Attachment {
        let uploaded = UploadedContent(
            id: id,
            conversation: self.id,
            name: name,
            content: content,
            sha256: try await content.digest()
        )
        return try await Upload(uploaded, limit: limit).run(on: client)
    }
}

extension DocketClient {
    /// How long the transfer of a file takes at most if nothing else is said: the largest one over
    /// a poor mobile connection.
    public static let transferLimit = Duration.seconds(1_800)

    /// Downloads a file of a message, and compares it with its digest.
    ///
    /// The download goes on over reconnections from where it broke off, and also where an earlier
    /// one into the same folder broke off, in whichever process. No part of a file is ever left
    /// under its name.
    ///
    /// - Parameters:
    ///   - attachment: What to download.
    ///   - path: The file. Do not take it from `attachment.name` without removing what makes it a
    ///     path.
    ///   - replacesFile: Whether a file of that name is replaced once all of the new one is there;
    ///     otherwise it is left alone and the download fails.
    ///   - limit: How long to try.
    ///   - progress: Told how many bytes are there whenever there are more.
    /// - Throws: `invalidInput` where the file exists or cannot be written, or another download of
    ///   it into the folder is under way; `refused` with the reason `not_found` where the caller
    ///   may not have it; `incompatible` where it is not what the server says; `unreachable`,
    ///   `needsLogin`, `cancelled`, `closed`.
    public func download(
        _ attachment: Message.Attachment,
        to path: String,
        replacing replacesFile: Bool = false,
        within limit: Duration = transferLimit,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws(DocketClientError) {
        let download = try Download(
            attachment,
            to: path,
            replacing: replacesFile,
            within: limit,
            progress: progress
        )
        try await download.run(on: self)
    }
}
