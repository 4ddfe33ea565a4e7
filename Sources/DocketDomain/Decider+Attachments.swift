extension Decider {
    /// Refuses a message that says nothing or too much, or names files that it may not have.
    ///
    /// A text may be empty where there are files.
    func check(_ post: Post) throws(Rejection) {
        if post.attachments.isEmpty || !post.text.isEmpty { try check(text: post.text) }
        guard !post.attachments.isEmpty else { return }
        let limit = circumstances.attachmentLimits.filesInMessage
        guard post.attachments.count <= limit else {
            throw .tooManyAttachments(limit: UInt64(limit))
        }
        var usable = Set(circumstances.attachments.map(\.id))
        for id in post.attachments {
            guard usable.remove(id) != nil else { throw .attachmentUnusable(id) }
        }
    }

    /// The files of a message that was checked, in the author's order.
    func attachments(of post: Post) -> [Attachment] {
        guard !post.attachments.isEmpty else { return [] }
        let found = circumstances.attachments.map { ($0.id, $0) }
        let usable = Dictionary(found) { first, _ in first }
        return post.attachments.compactMap { usable[$0] }
    }
}

extension Message {
    /// What stands for the message in a line: its text, or the name of its first file.
    package var headline: String {
        text.isEmpty ? attachments.first?.name ?? "" : text
    }
}
