internal import Synchronization

/// Rings at the earliest of the moments for which it was set.
///
/// Most calls end long before their deadlines, and most deadlines lie later than one that is set
/// already, so setting an alarm nearly always costs a comparison.
final class Alarm: Sendable {
    private struct State {
        var due: ContinuousClock.Instant?
        var task: Task<Void, Never>?
    }

    private let clock: CallClock
    private let state = Mutex(State())

    /// An alarm that is not set.
    init(clock: CallClock) {
        self.clock = clock
    }

    deinit {
        state.withLock { $0.task }?.cancel()
    }

    /// Whether the alarm is set for this moment or an earlier one.
    func rings(by moment: ContinuousClock.Instant) -> Bool {
        state.withLock { $0.due.map { $0 <= moment } ?? false }
    }

    /// Sets the alarm, unless it rings earlier anyway.
    ///
    /// It rings once, and is then not set.
    func set(_ moment: ContinuousClock.Instant, ring: @escaping @Sendable () -> Void) {
        let replaced = state.withLock { state -> Task<Void, Never>? in
            if let due = state.due, due <= moment { return nil }
            let replaced = state.task
            state.due = moment
            state.task = Task { [clock, weak self] in
                do {
                    try await clock.sleep(moment)
                } catch {
                    // An earlier moment has taken this one's place, or nobody waits any longer.
                    return
                }
                guard let self, stop(moment) else { return }
                ring()
            }
            return replaced
        }
        // Cancelling runs the clock's code, which must not run under this lock.
        replaced?.cancel()
    }

    /// Unsets the alarm; false when it was set anew meanwhile.
    private func stop(_ moment: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard state.due == moment else { return false }
            state = State()
            return true
        }
    }
}
