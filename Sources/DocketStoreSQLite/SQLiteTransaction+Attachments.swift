internal import DocketDomain
internal import DocketStore
internal import Foundation

extension SQLiteReading {
    func attachment(_ id: AttachmentID) throws(StoreError) -> AttachmentRecord? {
        try row(Statements.attachment, [.id(id)]) { try $0.attachment() }
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
            ]
        )
    }

    func attach(_ attachments: [AttachmentID], to message: MessageID) throws(StoreError) {
        for id in attachments { try execute(Statements.attach, [.id(message), .id(id)]) }
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
            message: try optionalID(8)
        )
    }
}
