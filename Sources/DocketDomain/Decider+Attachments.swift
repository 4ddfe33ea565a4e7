extension Decider {
    /// Refuses a message that says nothing or too much, or names files that it may not have.
    ///
    /// A text may be empty where there are files.
    func check(_ post: Post) throws(Rejection) {
        if post.attachments.isEmpty || !post.text.isEmpty { try check(text: post.text) }
        try check(attachments: post.attachments)
    }

    /// Refuses files that a message may not have.
    func check(attachments ids: [AttachmentID]) throws(Rejection) {
        let limit = circumstances.attachmentLimits.filesInMessage
        guard ids.count <= limit else { throw .tooManyAttachments(limit: UInt64(limit)) }
        var usable = Set(circumstances.attachments.map(\.id))
        for id in ids {
            guard usable.remove(id) != nil else { throw .attachmentUnusable(id) }
        }
    }

    /// The files of a message that were checked, in the author's order.
    func attachments(_ ids: [AttachmentID]) -> [Attachment] {
        guard !ids.isEmpty else { return [] }
        let found = circumstances.attachments.map { ($0.id, $0) }
        let usable = Dictionary(found) { first, _ in first }
        return ids.compactMap { usable[$0] }
    }
}

extension Message {
    /// What stands for the message in a line: its text, or the name of its first file.
    package var headline: String {
        text.isEmpty ? attachments.first?.name ?? "" : text
    }
}
