/// How long to wait before the next attempt: exponential with full jitter.
///
/// The bound doubles from failure to failure; the wait is any time between nothing and the bound,
/// so that clients who lost the same server do not come back together.
struct Backoff: Equatable, Sendable {
    /// The bound after the first failure.
    static let firstBound = Duration.milliseconds(500)
    /// The largest bound.
    static let largestBound = Duration.seconds(60)
    /// The longest wait that a server may ask for; a longer one is a mistake or malice.
    static let longestObeyed = Duration.seconds(600)
    /// Doublings after which the bound stays at its largest: 0.5 s times 128 is above 60 s.
    private static let doublings = 7

    /// Failures in a row.
    private(set) var failures = 0

    /// The bound of the next wait.
    var bound: Duration {
        min(Self.firstBound * (1 << min(failures, Self.doublings)), Self.largestBound)
    }

    /// Counts a failure and gives the wait after it: by chance, or as long as the server asked for
    /// where that is longer.
    mutating func wait(
        after requested: Duration?,
        using random: inout some RandomNumberGenerator
    ) -> Duration {
        let fraction = Double.random(in: 0...1, using: &random)
        let chosen = bound * fraction
        failures += 1
        return max(chosen, min(requested ?? .zero, Self.longestObeyed))
    }

    /// Begins anew after a success.
    mutating func reset() {
        failures = 0
    }
}
