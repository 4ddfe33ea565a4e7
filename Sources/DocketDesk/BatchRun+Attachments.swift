internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Makes an uploaded file an attachment, which a message of its uploader's may name.
    ///
    /// The right to the conversation is looked at again here: it may have gone since the upload
    /// began.
    func register(
        _ upload: CompletedUpload,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard let principal = submission.principal, let uploader = principal.id else {
            throw .rejected(.notPermitted)
        }
        let conversation: Conversation?
        do throws(StoreError) {
            conversation = try transaction.situation(of: upload.conversation).conversation
        } catch {
            throw .store(error)
        }
        guard let conversation, conversation.isVisible(to: principal) else {
            throw .rejected(.notFound)
        }
        let record = AttachmentRecord(
            attachment: upload.attachment,
            conversation: conversation.id,
            uploader: uploader,
            createdAt: now
        )
        do throws(StoreError) {
            try transaction.insert(record)
            try keep(.created(offset: 0), of: submission)
        } catch {
            throw .store(error)
        }
        return Acceptance(offset: 0, result: .attachment(upload.attachment))
    }

    /// The files that a message names and may have.
    ///
    /// A message that names more files than it may is refused whatever they are, so that no more of
    /// them are looked up.
    func usableAttachments(
        of post: Post,
        by principal: Principal
    ) throws(StoreError) -> [Attachment] {
        var usable: [Attachment] = []
        for id in post.attachments.prefix(policy.content.attachments.filesInMessage) {
            guard let record = try transaction.attachment(id), record.message == nil,
                record.conversation == post.conversation, record.uploader == principal.id
            else { continue }
            usable.append(record.attachment)
        }
        return usable
    }
}
