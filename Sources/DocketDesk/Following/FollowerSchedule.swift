internal import DocketDomain

/// Decides when the writer brings a follower of the log on, in steps between its batches.
///
/// What the log says reaches its followers soon, and never at the cost of those who wait for a
/// commit: a follower goes on when no command has come for a moment. Under a load that leaves no
/// such moment it goes on in turns with the commands, as soon as it is a second or
/// `DeskLimits.followerLag` entries behind. A step takes more entries than a batch of commands
/// adds, so that a follower never falls further behind than that.
struct FollowerSchedule {
    /// What the writer does next.
    enum Step: Equatable {
        /// Bring the follower on by so many entries.
        case follow(atMost: UInt64)
        /// Wait for commands, at most so long.
        case wait(atMost: Duration)
        /// Nothing: the follower has come to the log's end.
        case rest
    }

    private let limits: DeskLimits
    /// The offset up to which the follower has come.
    private(set) var offset: UInt64
    /// When the oldest entry that the follower lacks was first seen.
    private var behindSince: Timestamp?
    /// Before this the store is not asked again.
    private var notBefore: Timestamp?

    init(from offset: UInt64, limits: DeskLimits) {
        self.offset = offset
        self.limits = limits
    }

    /// Decides after a turn of the writer, in which commands came or did not.
    mutating func step(head: UInt64, sawCommands: Bool, at now: Timestamp) -> Step {
        guard head > offset, limits.followedEntries > 0 else { return .rest }
        // The clock may have been set back.
        let since = min(behindSince ?? now, now)
        behindSince = since
        if let pause = notBefore?.since(now), pause > .zero {
            return .wait(atMost: min(pause, DeskTimes.readOnly))
        }
        let lag = head - offset
        guard
            !sawCommands || lag >= limits.followerLag
                || now.since(since) >= DeskTimes.longestFollowerLag
        else { return .wait(atMost: DeskTimes.quiet) }
        return .follow(atMost: min(lag, limits.followedEntries))
    }

    /// Notes that the follower has come to an offset.
    mutating func came(to offset: UInt64) {
        self.offset = offset
        behindSince = nil
        notBefore = nil
    }

    /// Notes that the store took nothing.
    mutating func failed(at now: Timestamp) {
        notBefore = now + DeskTimes.readOnly
    }
}
