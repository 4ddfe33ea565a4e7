package import Foundation

/// An entry of the log as its audit sees it.
package struct AuditEntry: Hashable, Sendable {
    /// The entry's place in the log.
    package let offset: UInt64
    /// The digest that was made when it was written; `nil` where it was written before there were
    /// digests and has got none since.
    package let digest: Digest?
    /// The encoded event; `nil` where the content was erased.
    package let event: Data?

    /// Describes an entry.
    package init(offset: UInt64, digest: Digest?, event: Data?) {
        self.offset = offset
        self.digest = digest
        self.event = event
    }
}
