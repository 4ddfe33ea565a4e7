package import DocketDomain

/// Reads what is kept of attachments; their contents are files.
package protocol AttachmentReading {
    /// An attachment whose upload is complete.
    func attachment(_ id: AttachmentID) throws(StoreError) -> AttachmentRecord?
    /// How many attachments of a principal no message names, counted up to a limit.
    func unusedAttachments(of uploader: PrincipalID, limit: Int) throws(StoreError) -> Int
    /// Whether an attachment has a content, which its SHA-256 names.
    func isNamed(content sha256: [UInt8]) throws(StoreError) -> Bool
    /// Whether a content is known as one that an attachment had.
    func isDiscarded(content sha256: [UInt8]) throws(StoreError) -> Bool
    /// The SHA-256 of contents that were discarded before a moment, the earliest first; an
    /// attachment may have such a content again.
    func discardedContents(before moment: Timestamp, limit: Int) throws(StoreError) -> [[UInt8]]
}
