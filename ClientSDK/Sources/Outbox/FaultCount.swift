/// How often the server has failed at one thing, and for how long it was asked.
///
/// Time without a connection does not count: between two faults counts no more than the wait that
/// was due, or the longest one of a client's own.
struct FaultCount: Equatable, Sendable {
    /// How many faults there were.
    private(set) var count = 0
    private var time = Duration.zero
    private var last: ContinuousClock.Instant?
    private var due = Duration.zero

    /// Counts a fault.
    mutating func add(at now: ContinuousClock.Instant) {
        count += 1
        if let last { time += max(.zero, min(now - last, max(due, Backoff.largestBound))) }
        last = now
    }

    /// What was asked for is due again after a wait.
    mutating func rest(for wait: Duration) {
        due = wait
    }

    /// Whether the server has failed too often for too long to be asked again.
    func isBeyond(_ limits: OutboxLimits) -> Bool {
        count >= limits.faults && time >= limits.faultTime
    }
}
