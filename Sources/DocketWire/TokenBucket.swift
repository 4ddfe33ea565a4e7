/// A budget that refills with time: so many at once, and so many more for every second.
package struct TokenBucket: Equatable, Sendable {
    private let burst: Double
    private let perSecond: Double
    private var tokens: Double
    private var refilled: ContinuousClock.Instant

    /// A full bucket at `now`.
    package init(burst: Int, perSecond: Double, now: ContinuousClock.Instant) {
        self.burst = Double(burst)
        self.perSecond = perSecond
        tokens = Double(burst)
        refilled = now
    }

    /// Takes one token, or returns false when none is left.
    package mutating func take(at now: ContinuousClock.Instant) -> Bool {
        let elapsed = refilled.duration(to: now) / .seconds(1)
        if elapsed > 0 {
            tokens = min(burst, tokens + elapsed * perSecond)
            refilled = now
        }
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
