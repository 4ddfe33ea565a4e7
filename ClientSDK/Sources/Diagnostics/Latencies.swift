/// How long things took, counted in eleven spans and one for what took longer than all of them.
public struct Latencies: Codable, Hashable, Sendable {
    /// The longest latency that a span holds, in milliseconds: fine where a person does not notice,
    /// and up to the longest time of an attempt.
    private static let bounds: [Int64] = [
        10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
    ]

    /// How many there were in each span, the shortest first, and how many were longer than all.
    public private(set) var counts: [Int]
    private let boundsMilliseconds: [Int64]

    init() {
        boundsMilliseconds = Self.bounds
        counts = Array(repeating: 0, count: Self.bounds.count + 1)
    }

    /// The longest latency of each span, in order.
    public var bounds: [Duration] { boundsMilliseconds.map { .milliseconds($0) } }

    /// How many there were.
    public var total: Int { counts.reduce(0) { $0.addingReportingOverflow($1).partialValue } }

    /// The bound of the span in which the latencies of a share of all end.
    ///
    /// - Parameter share: From 0 to 1: 0.5 for the median.
    /// - Returns: The bound; nil where there were none, or the share ends beyond the last bound.
    public func bound(ofShare share: Double) -> Duration? {
        guard total > 0 else { return nil }
        var reached = 0
        for (bound, count) in zip(bounds, counts) {
            reached += count
            if Double(reached) >= share * Double(total), reached > 0 { return bound }
        }
        return nil
    }

    mutating func add(_ latency: Duration, times count: Int = 1) {
        let span = bounds.firstIndex { latency <= $0 } ?? bounds.count
        counts[span] += count
    }
}
