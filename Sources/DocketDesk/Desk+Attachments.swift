package import DocketDomain
package import DocketStore

extension Desk {
    /// The attachment with an id, where a principal may download it.
    ///
    /// Its uploader may, and once it is part of a message everybody who may see the conversation.
    package func attachment(
        _ id: AttachmentID,
        for principal: Principal
    ) async throws(QueryError) -> Attachment {
        try await query { reading throws(QueryError) -> Attachment in
            let found = try storing { () throws(StoreError) in try reading.attachment(id) }
            guard let found, found.message != nil || found.uploader == principal.id else {
                throw .notFound
            }
            try Self.visible(found.conversation, to: principal, in: reading)
            return found.attachment
        }
    }

    /// The attachment with an id, whoever asks; `nil` until its upload is complete.
    package func registeredAttachment(
        _ id: AttachmentID
    ) async throws(QueryError) -> AttachmentRecord? {
        try await query { reading throws(QueryError) -> AttachmentRecord? in
            try storing { () throws(StoreError) in try reading.attachment(id) }
        }
    }
}
