/// The time by which a client waits.
package struct EngineClock: Sendable {
    /// The present moment.
    let now: @Sendable () -> ContinuousClock.Instant
    private let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// The time of a clock.
    package init<Time: Clock>(_ clock: Time) where Time.Instant == ContinuousClock.Instant {
        now = { clock.now }
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
