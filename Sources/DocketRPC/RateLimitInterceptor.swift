internal import Synchronization

/// How many calls of a kind may be begun: so many at once, and so many more for every second.
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

/// Limits how often a principal may call the methods that change something.
///
/// A principal is limited as a whole, over all its connections. Kinds without a rate are not
/// limited. What is refused is told when it may come again.
///
/// Principals whose budget is full again are forgotten from time to time, so what is remembered is
/// bounded by twice the principals that have called within the time of a refill.
package final class RateLimitInterceptor: Interceptor {
    /// Principals remembered before any is forgotten.
    package static let rememberedAnyway = 10_000

    private struct Budget {
        var calls: Double
        var at: ContinuousClock.Instant
        /// When it will be full, unless something is taken from it.
        var full: ContinuousClock.Instant
    }

    private struct State {
        var budgets: [[UInt8]: Budget] = [:]
        /// How many may be remembered before the next round of forgetting.
        var room = rememberedAnyway

        /// Takes one call of the budget; gives how much is missing to one, or 0.
        mutating func take(
            _ id: [UInt8],
            _ rate: CallRate,
            at now: ContinuousClock.Instant
        ) -> Double {
            let most = Double(rate.burst)
            var budget = budgets[id] ?? Budget(calls: most, at: now, full: now)
            let elapsed = max(0, budget.at.duration(to: now) / .seconds(1))
            budget.calls = min(most, budget.calls + elapsed * rate.perSecond)
            budget.at = max(now, budget.at)
            let missing = max(0, 1 - budget.calls)
            if missing == 0 { budget.calls -= 1 }
            budget.full = budget.at + .seconds((most - budget.calls) / rate.perSecond)
            budgets[id] = budget
            if budgets.count > room { forget(at: now) }
            return missing
        }

        /// Forgets the budgets that are full, since a new one is full as well.
        private mutating func forget(at now: ContinuousClock.Instant) {
            budgets = budgets.filter { $0.value.full > now }
            room = max(rememberedAnyway, 2 * budgets.count)
        }
    }

    private let rates: [Caller: CallRate]
    private let limited: Set<UInt32>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// Limits the `limited` methods by the caller's kind.
    package init(
        rates: [Caller: CallRate],
        limited: [Method],
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.rates = rates
        self.limited = Set(limited.map(\.hash))
        self.now = now
    }

    /// How many principals are remembered.
    package var rememberedCount: Int { state.withLock { $0.budgets.count } }

    package func begin(_ call: CallContext) throws(RPCError) {
        guard let identity = call.connection.identity, let rate = rates[identity.caller],
            limited.contains(call.method.hash)
        else { return }
        let missing = state.withLock { $0.take(identity.id, rate, at: now()) }
        guard missing > 0 else { return }
        throw RPCError(
            .rateLimited,
            "too many calls",
            isNotProcessed: true,
            retryAfter: .seconds(missing / rate.perSecond)
        )
    }
}
