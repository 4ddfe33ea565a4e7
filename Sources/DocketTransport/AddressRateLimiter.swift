internal import DocketRPC
internal import DocketWire
internal import Synchronization

/// Limits how often one address may do something that costs the server more than the client.
final class AddressRateLimiter: Sendable {
    /// Addresses remembered at most; beyond that the memory starts anew, which lets some pass.
    private static let maximumRemembered = 65_536

    private let rate: CallRate
    private let sparesLoopback: Bool
    private let buckets = Mutex<[String: TokenBucket]>([:])

    init(rate: CallRate, sparesLoopback: Bool) {
        self.rate = rate
        self.sparesLoopback = sparesLoopback
    }

    func allows(_ address: String, at now: ContinuousClock.Instant) -> Bool {
        if sparesLoopback, address.hasPrefix("127.") || address == "::1" || address.isEmpty {
            return true
        }
        return buckets.withLock { buckets in
            if buckets.count >= Self.maximumRemembered { buckets = [:] }
            var bucket =
                buckets[address]
                ?? TokenBucket(burst: rate.burst, perSecond: rate.perSecond, now: now)
            defer { buckets[address] = bucket }
            return bucket.take(at: now)
        }
    }
}
