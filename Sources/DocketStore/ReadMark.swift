/// How far somebody has read in a conversation, and how far it has reached them.
package struct ReadMark: Hashable, Sendable {
    /// Everything up to this offset has been read.
    package let upTo: UInt64
    /// Everything up to this offset has arrived.
    package let receivedUpTo: UInt64
    /// Where the newest mark itself stands in the log.
    package let offset: UInt64

    /// Describes a mark.
    package init(upTo: UInt64, receivedUpTo: UInt64, offset: UInt64) {
        self.upTo = upTo
        self.receivedUpTo = receivedUpTo
        self.offset = offset
    }
}
