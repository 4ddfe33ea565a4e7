/// Limits how often a principal may call the methods that change something.
///
/// A principal is limited as a whole, over all its connections. Kinds without a rate are not
/// limited. What is refused is told when it may come again.
package final class RateLimitInterceptor: Interceptor {
    /// Principals remembered before any is forgotten.
    package static let rememberedAnyway = KeyedRateLimiter<[UInt8]>.rememberedAnyway

    private let limiters: [Caller: KeyedRateLimiter<[UInt8]>]
    private let limited: Set<UInt32>

    /// Limits the `limited` methods by the caller's kind.
    package init(
        rates: [Caller: CallRate],
        limited: [Method],
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        limiters = rates.mapValues { KeyedRateLimiter(rate: $0, now: now) }
        self.limited = Set(limited.map(\.hash))
    }

    /// How many principals are remembered.
    package var rememberedCount: Int { limiters.values.reduce(0) { $0 + $1.rememberedCount } }

    package func begin(_ call: CallContext) throws(RPCError) {
        guard let identity = call.connection.identity, let limiter = limiters[identity.caller],
            limited.contains(call.method.hash)
        else { return }
        try limiter.take(identity.id)
    }
}
