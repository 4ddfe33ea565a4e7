internal import Synchronization

/// How many calls of a kind may be begun: so many at once, and so many more for every second.
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

/// Limits how often a principal may call the methods that change something.
///
/// A principal is limited as a whole, over all its connections. Kinds without a rate are not
/// limited. What is refused is told when it may come again.
package final class RateLimitInterceptor: Interceptor {
    /// Principals remembered at most; those whose budget is full again are forgotten first.
    package static let maximumRemembered = 100_000

    private struct Budget {
        var calls: Double
        var at: ContinuousClock.Instant
    }

    private let rates: [Caller: CallRate]
    private let limited: Set<UInt32>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let budgets = Mutex<[[UInt8]: Budget]>([:])

    /// Limits the `limited` methods by the caller's kind.
    package init(
        rates: [Caller: CallRate], limited: [Method],
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.rates = rates
        self.limited = Set(limited.map(\.hash))
        self.now = now
    }

    package func begin(_ call: CallContext) throws(RPCError) {
        guard let identity = call.connection.identity, let rate = rates[identity.caller],
            limited.contains(call.method.hash)
        else { return }
        let missing = budgets.withLock { budgets in
            Self.take(identity.id, rate, at: now(), from: &budgets)
        }
        guard missing > 0 else { return }
        throw RPCError(
            .rateLimited, "too many calls", isNotProcessed: true,
            retryAfter: .seconds(missing / rate.perSecond))
    }

    /// Takes one call of the budget; gives how much is missing to one, or 0.
    private static func take(
        _ id: [UInt8], _ rate: CallRate, at now: ContinuousClock.Instant,
        from budgets: inout [[UInt8]: Budget]
    ) -> Double {
        let full = Double(rate.burst)
        if budgets.count >= maximumRemembered {
            let refill = Duration.seconds(full / rate.perSecond)
            budgets = budgets.filter { $0.value.at + refill > now }
        }
        var budget = budgets[id] ?? Budget(calls: full, at: now)
        let elapsed = budget.at.duration(to: now) / .seconds(1)
        budget.calls = min(full, budget.calls + max(0, elapsed) * rate.perSecond)
        budget.at = now
        defer { budgets[id] = budget }
        guard budget.calls >= 1 else { return 1 - budget.calls }
        budget.calls -= 1
        return 0
    }
}
