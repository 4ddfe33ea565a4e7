internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Makes an uploaded file an attachment, which a message of its uploader's may name.
    ///
    /// The right to the conversation and how many files the uploader has are looked at again here:
    /// both may have changed since the upload began.
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
        if !principal.isStaff, try isBlocked(conversation.contact.id) {
            throw .rejected(.contactBlocked)
        }
        try checkRoom(forFileOf: uploader)
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

    /// Refuses one more file of a principal that no message names, where it has as many as it may.
    ///
    /// That is no verdict: with the next message that names one of them there is room, and then the
    /// same upload is complete.
    private func checkRoom(forFileOf uploader: PrincipalID) throws(Interruption) {
        let limit = policy.content.attachments.unusedFiles
        let unused = try read { transaction throws(StoreError) in
            try transaction.unusedAttachments(of: uploader, limit: limit)
        }
        guard unused < limit else { throw .unavailable(.tooManyUnusedFiles(limit: limit)) }
    }

    /// Forgets contents that are settled.
    func forget(_ removal: ContentRemoval) throws(Interruption) -> Acceptance {
        try read { transaction throws(StoreError) in
            try transaction.forget(
                discarded: removal.contents,
                before: removal.discardedBefore
            )
        }
        return Acceptance(offset: 0, result: .contentsForgotten)
    }

    /// The files that a message names and may have.
    ///
    /// A message that names more files than it may is refused whatever they are, so that no more of
    /// them are looked up.
    func usableAttachments(
        _ ids: [AttachmentID],
        in conversation: ConversationID?,
        by principal: Principal
    ) throws(StoreError) -> [Attachment] {
        var usable: [Attachment] = []
        for id in ids.prefix(policy.content.attachments.filesInMessage) {
            guard let record = try transaction.attachment(id), record.message == nil,
                record.conversation == conversation, record.uploader == principal.id
            else { continue }
            usable.append(record.attachment)
        }
        return usable
    }
}
