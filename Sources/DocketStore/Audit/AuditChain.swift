/// What binds the log's entries to each other: a value at an offset that follows from the digests
/// of all entries up to there.
///
/// The value after an entry is SHA-256 of the value before it and the entry's digest, one behind
/// the other. It is made of digests and not of contents, so that a content can be erased without
/// breaking the chain.
package struct AuditChain: Hashable, Sendable {
    /// How many entries lie between two kept values: what was altered is found as exactly as this,
    /// and the kept values take less than a thousandth of the log.
    package static let checkpointInterval: UInt64 = 4_096
    /// The chain before the first entry.
    package static let start = AuditChain(offset: 0, value: .zero)

    /// The offset of the last entry that the value covers.
    package private(set) var offset: UInt64
    /// The value.
    package private(set) var value: Digest

    /// Takes a value that was kept.
    package init(offset: UInt64, value: Digest) {
        self.offset = offset
        self.value = value
    }

    /// Whether the value at this offset is kept for good.
    package var isCheckpoint: Bool {
        offset > 0 && offset.isMultiple(of: Self.checkpointInterval)
    }

    /// Adds the digest of the next entry.
    package mutating func append(_ digest: Digest, with hash: AuditHash) {
        let (a, b, c, d) = value.words
        let (e, f, g, h) = digest.words
        let words: InlineArray<8, UInt64> = [a, b, c, d, e, f, g, h]
        value = unsafe hash(words.span.bytes)
        offset += 1
    }
}
