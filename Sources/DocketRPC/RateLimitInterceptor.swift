/// Limits how often a principal may call the methods that change something.
///
/// A principal is limited as a whole, over all its connections. Kinds without a rate are not
/// limited. What is refused is told when it may come again.
package final class RateLimitInterceptor: Interceptor, CallObserver {
    /// Principals remembered before any is forgotten.
    package static let rememberedAnyway = KeyedRateLimiter<[UInt8]>.rememberedAnyway

    /// The limiters in the order of the kinds.
    private let limiters: [KeyedRateLimiter<[UInt8]>?]
    private let limited: Set<UInt32>

    /// Limits the `limited` methods by the caller's kind.
    package init(
        rates: [Caller: CallRate],
        limited: [Method],
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        limiters = Caller.allCases.map { caller in
            rates[caller].map { KeyedRateLimiter(rate: $0, now: now) }
        }
        self.limited = Set(limited.map(\.hash))
    }

    /// How many principals are remembered.
    package var rememberedCount: Int {
        limiters.reduce(0) { $0 + ($1?.rememberedCount ?? 0) }
    }

    package func observer(of method: Method) -> (any CallObserver)? {
        limited.contains(method.hash) ? self : nil
    }

    package func begin(_ call: CallContext) throws(RPCError) {
        guard let caller = call.caller, let limiter = limiters[caller.position] else { return }
        try limiter.take(call.identity.id)
    }
}

extension Caller {
    /// The place among all cases, whose raw values count from 1.
    fileprivate var position: Int { Int(rawValue) - 1 }
}
