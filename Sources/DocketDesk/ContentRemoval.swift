package import DocketDomain

/// Contents whose files may go, since for a time no attachment has had them.
///
/// Whoever keeps the files looks at each of them once more, removes it where nothing uses it, and
/// has the desk forget those that are settled.
package struct ContentRemoval: Hashable, Sendable {
    /// The SHA-256 of each, the one that was discarded first before the others.
    package var contents: [[UInt8]]
    /// Each was discarded before this moment; one that was discarded again since is not settled.
    package let discardedBefore: Timestamp

    /// Names contents that were discarded before a moment.
    package init(_ contents: [[UInt8]], discardedBefore moment: Timestamp) {
        self.contents = contents
        discardedBefore = moment
    }
}

/// What the desk knows of a content.
package enum ContentUse: Hashable, Sendable {
    /// An attachment has it.
    case named
    /// No attachment has it any more; a copy of the store may name one that had.
    case discarded
    /// No attachment ever had it, or it was forgotten since.
    case none
}
