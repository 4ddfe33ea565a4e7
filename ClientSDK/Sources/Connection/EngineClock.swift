/// The time by which a client waits.
package struct EngineClock: Sendable {
    /// The present moment.
    let now: @Sendable () -> ContinuousClock.Instant
    /// The present moment by a wall clock, which may jump.
    let moment: @Sendable () -> Timestamp
    /// How long the machine has been asleep since some moment; nil where nothing tells.
    let asleep: (@Sendable () -> Duration)?
    private let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// The time of this machine.
    package static var system: EngineClock {
        let (start, awake) = (ContinuousClock.now, SuspendingClock.now)
        return EngineClock(
            ContinuousClock(),
            asleep: {
                // The one clock goes on while the machine is asleep, the other stands still.
                (ContinuousClock.now - start) - (SuspendingClock.now - awake)
            }
        )
    }

    /// The time of a clock, and of a wall clock.
    ///
    /// - Parameters:
    ///   - clock: The clock.
    ///   - moment: What the wall clock shows.
    ///   - asleep: How long the machine has been asleep since some moment, which never becomes
    ///     less; nil for one that does not sleep.
    package init<Time: Clock>(
        _ clock: Time,
        moment: @escaping @Sendable () -> Timestamp = { .now },
        asleep: (@Sendable () -> Duration)? = nil
    ) where Time.Instant == ContinuousClock.Instant {
        now = { clock.now }
        self.moment = moment
        self.asleep = asleep
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
