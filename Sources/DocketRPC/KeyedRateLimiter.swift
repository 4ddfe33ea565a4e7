internal import Synchronization

/// How many things of a kind may be begun: so many at once, and so many more for every second.
package struct CallRate: Equatable, Sendable {
    /// Calls that may come at once.
    package var burst: Int
    /// Calls that may follow for every second.
    package var perSecond: Double

    /// Makes a rate of its parts: a burst of at least one, and more than none for every second.
    package init(burst: Int, perSecond: Double) {
        precondition(burst >= 1, "a burst has at least one call")
        precondition(perSecond > 0 && perSecond.isFinite, "a rate is more than nothing")
        self.burst = burst
        self.perSecond = perSecond
    }
}

/// A budget for each key, such as a principal or an address, that refills with time.
///
/// Keys whose budget is full again are forgotten from time to time, so what is remembered is
/// bounded by twice the keys that were used within the time of a refill.
package final class KeyedRateLimiter<Key: Hashable & Sendable>: Sendable {
    /// Keys remembered before any is forgotten.
    package static var rememberedAnyway: Int { 10_000 }

    private struct Budget {
        var left: Double
        var at: ContinuousClock.Instant
        /// When it will be full, unless something is taken from it.
        var full: ContinuousClock.Instant
    }

    private struct State {
        var budgets: [Key: Budget] = [:]
        /// How many may be remembered before the next round of forgetting.
        var room = rememberedAnyway

        /// Takes one of a budget that has at least one; gives how much is missing to one.
        mutating func take(
            _ key: Key,
            _ rate: CallRate,
            at now: ContinuousClock.Instant
        ) -> Double {
            var budget = refilled(key, rate, at: now)
            let missing = max(0, 1 - budget.left)
            if missing == 0 { budget.left -= 1 }
            keep(budget, of: key, rate)
            if budgets.count > room { forget(at: now) }
            return missing
        }

        /// Puts one back into a budget.
        mutating func giveBack(
            _ key: Key,
            _ rate: CallRate,
            at now: ContinuousClock.Instant
        ) {
            guard budgets[key] != nil else { return }
            var budget = refilled(key, rate, at: now)
            budget.left = min(Double(rate.burst), budget.left + 1)
            keep(budget, of: key, rate)
        }

        private func refilled(
            _ key: Key,
            _ rate: CallRate,
            at now: ContinuousClock.Instant
        ) -> Budget {
            let most = Double(rate.burst)
            var budget = budgets[key] ?? Budget(left: most, at: now, full: now)
            let elapsed = max(0, budget.at.duration(to: now) / .seconds(1))
            budget.left = min(most, budget.left + elapsed * rate.perSecond)
            budget.at = max(now, budget.at)
            return budget
        }

        private mutating func keep(_ budget: Budget, of key: Key, _ rate: CallRate) {
            var budget = budget
            let missing = Double(rate.burst) - budget.left
            budget.full = budget.at + .seconds(missing / rate.perSecond)
            budgets[key] = budget
        }

        /// Forgets the budgets that are full, since a new one is full as well.
        private mutating func forget(at now: ContinuousClock.Instant) {
            budgets = budgets.filter { $0.value.full > now }
            room = max(rememberedAnyway, 2 * budgets.count)
        }
    }

    private let rate: CallRate
    private let isSpared: @Sendable (Key) -> Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// Limits to `rate`, except the keys that are spared.
    package init(
        rate: CallRate,
        sparing isSpared: @escaping @Sendable (Key) -> Bool = { _ in false },
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.rate = rate
        self.isSpared = isSpared
        self.now = now
    }

    /// How many keys are remembered.
    package var rememberedCount: Int { state.withLock { $0.budgets.count } }

    /// Takes one from a key's budget; throws `rate_limited` when none is left.
    package func take(_ key: Key) throws(RPCError) {
        guard !isSpared(key) else { return }
        let missing = state.withLock { $0.take(key, rate, at: now()) }
        guard missing > 0 else { return }
        throw RPCError(
            .rateLimited,
            "too many calls",
            isNotProcessed: true,
            retryAfter: .seconds(missing / rate.perSecond)
        )
    }

    /// Gives back one that was taken for something that turned out not to count.
    package func giveBack(_ key: Key) {
        guard !isSpared(key) else { return }
        state.withLock { $0.giveBack(key, rate, at: now()) }
    }
}

extension KeyedRateLimiter where Key == String {
    /// Limits by address; this machine's own addresses are spared where that is wished.
    package convenience init(rate: CallRate, sparesLoopback: Bool) {
        self.init(
            rate: rate,
            sparing: { address in
                sparesLoopback
                    && (address.isEmpty || address == "::1" || address.hasPrefix("127."))
            }
        )
    }
}
