internal import DocketDomain
internal import DocketStore
internal import Foundation

/// Makes an uploaded file an attachment, which a message of its uploader's may name.
///
/// The right to the conversation and how many files the uploader has are looked at again here: both
/// may have changed since the upload began.
extension CompletedUpload: DeskCommand {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let principal = try step.principal()
        guard let uploader = principal.id else { throw .rejected(.notPermitted) }
        let found = try step.workspace.find(ConversationNeed(conversation))
        guard let found, found.isVisible(to: principal) else { throw .rejected(.notFound) }
        if try step.isBlocked(found.contact.id) { throw .rejected(.contactBlocked) }
        // That is no verdict: with the next message that names one of them there is room, and then
        // the same upload is complete.
        let limit = step.policy.content.attachments.unusedFiles
        let unused = try step.workspace.find(
            UnusedAttachmentsNeed(uploader: uploader, limit: limit)
        )
        guard unused < limit else { throw .unavailable(.tooManyUnusedFiles(limit: limit)) }
        let record = AttachmentRecord(
            attachment: attachment,
            conversation: found.id,
            uploader: uploader,
            createdAt: step.now
        )
        step.change(.attachment(record))
        step.keep(.created(offset: 0))
        return Acceptance(offset: 0, result: .attachment(attachment))
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        try step.workspace.find(AttachmentNeed(id: attachment.id)).map {
            .attachment($0.attachment)
        }
    }
}

/// Forgets contents that are settled.
extension ContentRemoval: UnrepeatedCommand {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        step.change(.forgetContents(contents, discardedBefore: discardedBefore))
        return Acceptance(offset: 0, result: .contentsForgotten)
    }
}
