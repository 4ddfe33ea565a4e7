internal import DocketDomain

extension MemoryTransaction {
    func attachment(_ id: AttachmentID) -> AttachmentRecord? { state.attachments[id] }

    func insert(_ attachment: AttachmentRecord) {
        state.attachments[attachment.attachment.id] = attachment
    }

    func attach(_ attachments: [AttachmentID], to message: MessageID) {
        for id in attachments { state.attachments[id]?.message = message }
    }
}
