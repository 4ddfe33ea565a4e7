/// The time by which deadlines are kept.
struct CallClock: Sendable {
    /// The present moment.
    let now: @Sendable () -> ContinuousClock.Instant
    /// Returns when a moment has come; throws when the task is cancelled before.
    let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// The time of `clock`.
    init<Time: Clock>(_ clock: Time) where Time.Instant == ContinuousClock.Instant {
        now = { clock.now }
        sleep = { try await clock.sleep(until: $0, tolerance: nil) }
    }
}
