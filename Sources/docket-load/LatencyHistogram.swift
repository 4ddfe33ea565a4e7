/// How long things took, in buckets that are about 3 % wide at every scale.
///
/// Each power of two of microseconds is cut into 32 equal buckets, so that memory is fixed and
/// recording costs the same however many values there are.
struct LatencyHistogram {
    private static let subBuckets = 32
    private static let powers = 36
    private var counts = [UInt64](repeating: 0, count: powers * subBuckets)
    private(set) var count: UInt64 = 0

    /// Records a duration; what is longer than 36 bits of microseconds counts as that.
    mutating func record(_ duration: Duration) {
        counts[Self.index(of: Self.microseconds(of: duration))] += 1
        count += 1
    }

    /// Whole microseconds, rounded down.
    ///
    /// What fits 64 bits, which is up to 9 seconds, is divided there: a division of 128 bits would
    /// take the load's own time.
    private static func microseconds(of duration: Duration) -> UInt64 {
        let attoseconds = max(0, duration.attoseconds)
        if let short = UInt64(exactly: attoseconds) { return short / 1_000_000_000_000 }
        return UInt64(clamping: attoseconds / 1_000_000_000_000)
    }

    /// Adds the values of another histogram.
    mutating func add(_ other: LatencyHistogram) {
        for (index, bucket) in other.counts.enumerated() { counts[index] += bucket }
        count += other.count
    }

    /// The value in microseconds that so large a part of all values does not exceed.
    func quantile(_ part: Double) -> Double {
        guard count > 0 else { return 0 }
        let rank = UInt64((part * Double(count)).rounded(.up))
        var seen: UInt64 = 0
        for (index, bucket) in counts.enumerated() {
            seen += bucket
            if seen >= max(1, rank) { return Self.upperBound(of: index) }
        }
        return 0
    }

    private static func index(of value: UInt64) -> Int {
        guard value >= UInt64(subBuckets) else { return Int(value) }
        let power = 63 - value.leadingZeroBitCount - 5
        let sub = Int((value >> UInt64(power)) & 31)
        return min((power + 1) * subBuckets + sub, powers * subBuckets - 1)
    }

    private static func upperBound(of index: Int) -> Double {
        guard index >= subBuckets else { return Double(index) }
        let power = index / subBuckets - 1
        let lower = UInt64(subBuckets + index % subBuckets) << UInt64(power)
        return Double(lower + (1 << UInt64(power)) - 1)
    }
}
