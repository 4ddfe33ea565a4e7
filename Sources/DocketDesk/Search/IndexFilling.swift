internal import DocketDomain

/// Decides when the writer fills the search index, in transactions of its own.
///
/// What was said is found soon and never at the cost of those who wait for a commit: the index is
/// filled when no command has come for a moment. Under a load that leaves no such moment it is
/// filled in turns with the commands, as soon as it is a second or `DeskLimits.indexLag` entries
/// behind. A turn takes in more entries than a transaction of commands adds, so that the index
/// never falls further behind than that.
struct IndexFilling {
    /// What the writer does next.
    enum Step: Equatable {
        /// Fill the index up to an offset.
        case fill(through: UInt64)
        /// Wait for commands, at most so long.
        case wait(atMost: Duration)
        /// Nothing: everything is in the index.
        case rest
    }

    private let limits: DeskLimits
    /// The offset up to which the index is filled.
    private(set) var indexedUpTo: UInt64
    /// When the oldest entry that is not in the index was first seen.
    private var behindSince: Timestamp?
    /// Before this the store is not asked again.
    private var notBefore: Timestamp?

    init(from indexedUpTo: UInt64, limits: DeskLimits) {
        self.indexedUpTo = indexedUpTo
        self.limits = limits
    }

    /// Decides after a turn of the writer, in which commands came or did not.
    mutating func step(head: UInt64, sawCommands: Bool, at now: Timestamp) -> Step {
        guard head > indexedUpTo, limits.indexedEntries > 0 else { return .rest }
        // The clock may have been set back.
        let since = min(behindSince ?? now, now)
        behindSince = since
        if let pause = notBefore?.since(now), pause > .zero {
            return .wait(atMost: min(pause, DeskTimes.readOnly))
        }
        let lag = head - indexedUpTo
        guard
            !sawCommands || lag >= limits.indexLag
                || now.since(since) >= DeskTimes.longestIndexLag
        else { return .wait(atMost: DeskTimes.quiet) }
        return .fill(through: indexedUpTo + min(lag, limits.indexedEntries))
    }

    /// Notes that the index is filled up to an offset.
    mutating func filled(through offset: UInt64) {
        indexedUpTo = offset
        behindSince = nil
        notBefore = nil
    }

    /// Notes that the store took nothing.
    mutating func failed(at now: Timestamp) {
        notBefore = now + DeskTimes.readOnly
    }
}
