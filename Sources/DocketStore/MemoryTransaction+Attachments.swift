internal import DocketDomain

extension MemoryTransaction {
    func attachment(_ id: AttachmentID) -> AttachmentRecord? { state.attachments[id] }

    func insert(_ attachment: AttachmentRecord) {
        state.attachments[attachment.attachment.id] = attachment
    }

    func attach(_ attachments: [AttachmentID], to message: MessageID, isInternal: Bool) {
        for id in attachments {
            state.attachments[id]?.message = message
            state.attachments[id]?.isInternal = isInternal
        }
    }

    // MARK: What no message names

    func unusedAttachments(of uploader: PrincipalID, limit: Int) -> Int {
        let unused = state.attachments.values.lazy.filter { record in
            record.uploader == uploader && record.message == nil
        }
        return unused.prefix(limit).count
    }

    func isNamed(content sha256: [UInt8]) -> Bool {
        state.attachments.values.contains { $0.attachment.sha256 == sha256 }
    }

    func isDiscarded(content sha256: [UInt8]) -> Bool { state.discardedContents[sha256] != nil }

    func discardedContents(before moment: Timestamp, limit: Int) -> [[UInt8]] {
        let due = state.discardedContents.filter { $0.value < moment }
        return due.sorted { $0.value < $1.value }.prefix(limit).map(\.key)
    }

    func purgeUnusedAttachments(
        before moment: Timestamp,
        at now: Timestamp,
        limit: Int
    ) -> Int {
        let purged = state.attachments.values.filter { record in
            record.message == nil && record.createdAt < moment
        }.sorted { $0.createdAt < $1.createdAt }.prefix(limit)
        for record in purged {
            state.attachments[record.attachment.id] = nil
            state.records[CommandID(record.attachment.id)] = nil
            state.discardedContents[record.attachment.sha256] = now
        }
        return purged.count
    }

    func forget(discarded contents: [[UInt8]], before moment: Timestamp) {
        for content in contents where state.discardedContents[content].map({ $0 < moment }) == true
        {
            state.discardedContents[content] = nil
        }
    }
}
