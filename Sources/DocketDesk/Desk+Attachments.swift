package import DocketDomain
package import DocketStore

extension Desk {
    /// The attachment with an id, where a principal may download it.
    ///
    /// Its uploader may, and once it is part of a message everybody who may see that: whoever may
    /// see the conversation, and of an internal request the staff alone.
    package func attachment(
        _ id: AttachmentID,
        for principal: Principal
    ) async throws(QueryError) -> Attachment {
        try await queryLog { reading throws(QueryError) -> Attachment in
            let found = try storing { () throws(StoreError) in try reading.attachment(id) }
            guard let found, found.message != nil || found.uploader == principal.id,
                !found.isInternal || principal.isStaff
            else { throw .notFound }
            try Self.visible(found.conversation, to: principal, in: reading)
            return found.attachment
        }
    }

    /// The attachment with an id, whoever asks; `nil` until its upload is complete.
    package func registeredAttachment(
        _ id: AttachmentID
    ) async throws(QueryError) -> AttachmentRecord? {
        try await queryLog { reading throws(QueryError) -> AttachmentRecord? in
            try storing { () throws(StoreError) in try reading.attachment(id) }
        }
    }

    // MARK: What no message names

    /// Why a file of a principal cannot be registered now; `nil` where it can.
    ///
    /// It is asked before an upload begins, so that nobody sends in vain what cannot become an
    /// attachment. The answer may change until then, and the registration asks again.
    package func obstacle(
        toFileOf uploader: PrincipalID
    ) async throws(QueryError) -> Unavailability? {
        let limit = policy.content.attachments.unusedFiles
        let unused = try await queryLog { reading throws(QueryError) -> Int in
            try storing { () throws(StoreError) in
                try reading.unusedAttachments(of: uploader, limit: limit)
            }
        }
        return unused < limit ? nil : .tooManyUnusedFiles(limit: limit)
    }

    /// The contents that no attachment has had for so long that their files may go, so many at a
    /// time.
    package func dueRemoval(at now: Timestamp) async throws(QueryError) -> ContentRemoval {
        let moment = now + (.zero - DeskTimes.discardedContents)
        let limit = limits.purgedRows
        return try await queryLog { reading throws(QueryError) -> ContentRemoval in
            let contents = try storing { () throws(StoreError) in
                try reading.discardedContents(before: moment, limit: limit)
            }
            return ContentRemoval(contents, discardedBefore: moment)
        }
    }

    /// What the desk knows of a content now.
    ///
    /// It waits for the store, so that it is called on a thread that may wait.
    package func use(ofContent sha256: [UInt8]) throws(StoreError) -> ContentUse {
        try store.readLog { reading throws(StoreError) in
            if try reading.isNamed(content: sha256) { return .named }
            return try reading.isDiscarded(content: sha256) ? .discarded : .none
        }
    }

    /// Forgets contents that are settled, and gives whether that is durable.
    package func forget(_ removal: ContentRemoval) async -> Bool {
        let change = Submission.Change.contentRemoval(removal)
        let reply = await submit(Submission(key: nil, principal: .desk, change: change))
        guard case .accepted = reply else { return false }
        return true
    }
}
