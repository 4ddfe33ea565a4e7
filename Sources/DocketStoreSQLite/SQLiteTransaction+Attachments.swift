internal import DocketDomain
internal import DocketStore
internal import Foundation

extension SQLiteReading {
    func attachment(_ id: AttachmentID) throws(StoreError) -> AttachmentRecord? {
        try row(Statements.attachment, [.id(id)]) { try $0.attachment() }
    }

    func unusedAttachments(of uploader: PrincipalID, limit: Int) throws(StoreError) -> Int {
        let count = try row(Statements.unusedAttachments, [.id(uploader), .number(limit)]) { row in
            Int(clamping: row.unsigned(0))
        }
        return count ?? 0
    }

    func isNamed(content sha256: [UInt8]) throws(StoreError) -> Bool {
        try row(Statements.isNamed, [.blob(Data(sha256))]) { _ in true } ?? false
    }

    func isDiscarded(content sha256: [UInt8]) throws(StoreError) -> Bool {
        try row(Statements.isDiscarded, [.blob(Data(sha256))]) { _ in true } ?? false
    }

    func discardedContents(
        before moment: Timestamp,
        limit: Int
    ) throws(StoreError) -> [[UInt8]] {
        try rows(Statements.discardedContents, [.moment(moment), .number(limit)]) { row in
            Array(row.blob(0))
        }
    }
}

extension SQLiteTransaction {
    func insert(_ record: AttachmentRecord) throws(StoreError) {
        let attachment = record.attachment
        try execute(
            Statements.insertAttachment,
            [
                .id(attachment.id), .id(record.conversation), .id(record.uploader),
                .text(attachment.name), .text(attachment.mediaType), .number(attachment.size),
                .blob(Data(attachment.sha256)), .moment(record.createdAt), .id(record.message),
                .number(record.isInternal ? 1 : 0),
            ]
        )
    }

    func attach(
        _ attachments: [AttachmentID],
        to message: MessageID,
        isInternal: Bool
    ) throws(StoreError) {
        for id in attachments {
            try execute(
                Statements.attach,
                [.id(message), .number(isInternal ? 1 : 0), .id(id)]
            )
        }
    }

    func purgeUnusedAttachments(
        before moment: Timestamp,
        at now: Timestamp,
        limit: Int
    ) throws(StoreError) -> Int {
        let purged = try rows(
            Statements.unusedAttachmentsOfBefore,
            [.moment(moment), .number(limit)]
        ) { row in (id: try row.id(0) as AttachmentID, content: row.blob(1)) }
        for (id, content) in purged {
            try execute(Statements.removeAttachment, [.id(id)])
            try execute(Statements.removeCreation, [.id(id)])
            try execute(Statements.discardContent, [.blob(content), .moment(now)])
        }
        return purged.count
    }

    func forget(
        discarded contents: [[UInt8]],
        before moment: Timestamp
    ) throws(StoreError) {
        for content in contents {
            try execute(Statements.forgetDiscarded, [.blob(Data(content)), .moment(moment)])
        }
    }
}

extension StatementRow {
    /// An attachment, as the statement for attachments selects it.
    fileprivate func attachment() throws -> AttachmentRecord {
        AttachmentRecord(
            attachment: Attachment(
                id: try id(0),
                name: text(1),
                mediaType: text(2),
                size: unsigned(3),
                sha256: Array(blob(4))
            ),
            conversation: try id(5),
            uploader: try id(6),
            createdAt: moment(7),
            message: try optionalID(8),
            isInternal: integer(9) != 0
        )
    }
}
