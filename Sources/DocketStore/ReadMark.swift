/// How far somebody has read in a conversation.
package struct ReadMark: Hashable, Sendable {
    /// Everything up to this offset has been read.
    package let upTo: UInt64
    /// Where the mark itself stands in the log.
    package let offset: UInt64

    /// Describes a read mark.
    package init(upTo: UInt64, offset: UInt64) {
        self.upTo = upTo
        self.offset = offset
    }
}
