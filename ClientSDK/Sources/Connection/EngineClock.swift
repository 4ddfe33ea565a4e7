/// The time by which a client waits.
package struct EngineClock: Sendable {
    /// The present moment.
    let now: @Sendable () -> ContinuousClock.Instant
    /// The present moment by a wall clock, which may jump.
    let moment: @Sendable () -> Timestamp
    private let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// The time of a clock, and of a wall clock.
    package init<Time: Clock>(
        _ clock: Time,
        moment: @escaping @Sendable () -> Timestamp = { .now }
    ) where Time.Instant == ContinuousClock.Instant {
        now = { clock.now }
        self.moment = moment
        sleep = { try await clock.sleep(until: $0, tolerance: nil) }
    }

    /// Waits until a moment; gives false when the task was cancelled before.
    func sleep(until moment: ContinuousClock.Instant) async -> Bool {
        do {
            try await sleep(moment)
            return true
        } catch {
            return false
        }
    }
}
