internal import Glibc

/// A moment by a wall clock, in milliseconds since 1970-01-01 UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// The milliseconds since 1970-01-01 UTC, without leap seconds.
    public let millisecondsSinceEpoch: UInt64

    /// Takes a moment from its distance to 1970-01-01 UTC.
    public init(millisecondsSinceEpoch: UInt64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    /// This moment by the system's clock, which may be wrong and may jump.
    public static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let seconds = UInt64(clamping: time.tv_sec)
        let milliseconds = UInt64(clamping: time.tv_nsec / 1_000_000)
        return Timestamp(millisecondsSinceEpoch: seconds &* 1_000 &+ milliseconds)
    }

    /// Whether one moment is before another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    /// The moment so many seconds later, or the last there is.
    func later(bySeconds seconds: UInt64) -> Timestamp {
        let (milliseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, isTooLate) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        return Timestamp(millisecondsSinceEpoch: isTooLong || isTooLate ? .max : sum)
    }

    /// How much later another moment is; nothing if it is not later.
    func distance(to later: Timestamp) -> Duration {
        guard later > self else { return .zero }
        let milliseconds = later.millisecondsSinceEpoch - millisecondsSinceEpoch
        return .milliseconds(Int64(clamping: milliseconds))
    }
}
