/// A moment, in whole milliseconds since 1970-01-01 UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01 UTC.
    package let milliseconds: UInt64

    /// The last moment a UUIDv7 can carry, in the year 10889.
    private static let last: UInt64 = (1 << 48) - 1

    /// Takes a moment; one beyond the year 10889 becomes that year's.
    package init(milliseconds: UInt64) {
        self.milliseconds = min(milliseconds, Self.last)
    }

    /// The moment a time span later; stays within the range of moments.
    package static func + (moment: Timestamp, span: Duration) -> Timestamp {
        let (seconds, attoseconds) = span.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return Timestamp(milliseconds: seconds < 0 ? 0 : last) }
        let (sum, beyond) = Int64(clamping: moment.milliseconds)
            .addingReportingOverflow(whole)
        guard !beyond else { return Timestamp(milliseconds: last) }
        let total = sum + attoseconds / 1_000_000_000_000_000
        return Timestamp(milliseconds: total < 0 ? 0 : UInt64(total))
    }

    /// How long after another moment this one is; negative when it is before it.
    package func since(_ other: Timestamp) -> Duration {
        .milliseconds(Int64(clamping: milliseconds) - Int64(clamping: other.milliseconds))
    }

    /// Whether one moment is before another.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
