/// An entry of the log: who did what.
public struct AuditEntry: Hashable, Sendable {
    /// Its place in the log.
    public let offset: UInt64
    /// What happened; nil where it was erased.
    public let event: Event?
}

/// A page of entries, in the order of offsets.
public struct AuditPage: Hashable, Sendable {
    /// The entries.
    public let entries: [AuditEntry]
    /// Everything asked for up to this offset is in the page; the next page is after it.
    public let upTo: UInt64
    /// Whether there is more behind it.
    public let hasMore: Bool
}

/// A step of a verification of the log.
public enum AuditStep: Hashable, Sendable {
    /// Everything up to an offset has been looked at, of so many.
    case checked(upTo: UInt64, of: UInt64)
    /// Something was altered.
    case found(AuditFinding)
    /// It has come to the end; nothing follows.
    case concluded(AuditConclusion)
}

/// Something of the log that was altered since it was written.
public struct AuditFinding: Hashable, Sendable {
    /// What an alteration is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An entry's content is not the one that its digest was made of.
        case contentChanged = "content_changed"
        /// The digests do not give the chain's value: one was altered, or entries changed places.
        case digestsAltered = "digests_altered"
        /// Entries are missing.
        case entriesMissing = "entries_missing"
        /// Entries stand where the chain has none.
        case entriesUnchained = "entries_unchained"
        /// The chain's value at an offset where it was kept is missing.
        case checkpointMissing = "checkpoint_missing"
        /// An alteration that this version does not know.
        case unknown
    }

    /// What it is.
    public let kind: Kind
    /// The first offset that it concerns.
    public let from: UInt64
    /// The last offset that it concerns.
    public let through: UInt64
}

/// The end of a verification of the log.
public struct AuditConclusion: Hashable, Sendable {
    /// How many entries were looked at.
    public let entries: UInt64
    /// How many of them were erased: their content is gone for good, their digest is kept.
    public let erased: UInt64
    /// How many findings there were.
    public let findings: UInt64
    /// The last offset of the chain.
    public let head: UInt64
    /// The chain's value there, 32 bytes.
    ///
    /// Whoever keeps it elsewhere can tell later that nothing up to there was altered.
    public let value: [UInt8]
}
