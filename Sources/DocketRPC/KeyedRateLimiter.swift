internal import Synchronization

/// How many things of a kind may be begun: so many at once, and so many more for every second.
package struct CallRate: Equatable, Sendable {
    /// Calls that may come at once.
    package var burst: Int
    /// Calls that may follow for every second.
    package var perSecond: Double

    /// Makes a rate of its parts.
    package init(burst: Int, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
    }
}

/// A budget for each key, such as a principal or an address, that refills with time.
package final class KeyedRateLimiter<Key: Hashable & Sendable>: Sendable {
    /// Keys remembered at most; those whose budget is full again are forgotten first.
    package static var maximumRemembered: Int { 100_000 }

    private struct Budget {
        var left: Double
        var at: ContinuousClock.Instant
    }

    private let rate: CallRate
    private let isSpared: @Sendable (Key) -> Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let budgets = Mutex<[Key: Budget]>([:])

    /// Limits to `rate`, except the keys that are spared.
    package init(
        rate: CallRate, sparing isSpared: @escaping @Sendable (Key) -> Bool = { _ in false },
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.rate = rate
        self.isSpared = isSpared
        self.now = now
    }

    /// Takes one from a key's budget; throws `rate_limited` when none is left.
    package func take(_ key: Key) throws(RPCError) {
        try spend(1, of: key)
    }

    /// Throws `rate_limited` when a key's budget is spent, and takes nothing from it.
    package func check(_ key: Key) throws(RPCError) {
        try spend(0, of: key)
    }

    private func spend(_ amount: Double, of key: Key) throws(RPCError) {
        guard !isSpared(key) else { return }
        let missing = budgets.withLock { budgets in
            if budgets.count >= Self.maximumRemembered { forgetFull(&budgets) }
            var budget = refilled(budgets[key])
            defer { budgets[key] = budget }
            guard budget.left >= 1 else { return 1 - budget.left }
            budget.left -= amount
            return 0
        }
        guard missing > 0 else { return }
        throw RPCError(
            .rateLimited, "too many calls", isNotProcessed: true,
            retryAfter: .seconds(missing / rate.perSecond))
    }

    private func refilled(_ budget: Budget?) -> Budget {
        let full = Double(rate.burst)
        let now = now()
        guard let budget else { return Budget(left: full, at: now) }
        let elapsed = max(0, budget.at.duration(to: now) / .seconds(1))
        return Budget(left: min(full, budget.left + elapsed * rate.perSecond), at: now)
    }

    private func forgetFull(_ budgets: inout [Key: Budget]) {
        let refill = Duration.seconds(Double(rate.burst) / rate.perSecond)
        let now = now()
        budgets = budgets.filter { $0.value.at + refill > now }
        if budgets.count >= Self.maximumRemembered { budgets = [:] }
    }
}
