internal import Synchronization

/// Notices that nothing has come for longer than a live server is ever silent.
///
/// Only the time counts in which somebody waits. One task serves a whole subscription: what comes
/// only moves the moment of its next look, so that a busy feed does not pay for a task an entry.
final class SilenceWatch: Sendable {
    private struct State {
        /// When the silence has lasted too long; nil while nobody waits.
        var limit: ContinuousClock.Instant?
        var hasRung = false
        var task: Task<Void, Never>?
    }

    private let clock: EngineClock
    private let ring: @Sendable () -> Void
    private let state = Mutex(State())

    /// A watch that calls `ring` once, after a silence of `FeedChain.patience`.
    init(clock: EngineClock, ring: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.ring = ring
    }

    deinit {
        state.withLock { $0.task }?.cancel()
    }

    /// Whether the silence has lasted too long.
    var hasRung: Bool { state.withLock { $0.hasRung } }

    /// Somebody waits from now on.
    func waitBegins() {
        let limit = clock.now() + FeedChain.patience
        state.withLock { state in
            state.limit = limit
            guard state.task == nil, !state.hasRung else { return }
            state.task = Task { [clock, weak self] in
                var next: ContinuousClock.Instant? = limit
                while let moment = next, await clock.sleep(until: moment) {
                    next = self?.look(at: moment)
                }
            }
        }
    }

    /// Something has come, or nobody waits any longer.
    func waitEnds() {
        state.withLock { $0.limit = nil }
    }

    /// Rings if it is time to; gives when to look again, and nil where the task has nothing to do.
    private func look(at moment: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (next, rings) = state.withLock { state -> (ContinuousClock.Instant?, Bool) in
            if let limit = state.limit, limit > moment { return (limit, false) }
            state.task = nil
            state.hasRung = state.limit != nil
            return (nil, state.hasRung)
        }
        if rings { ring() }
        return next
    }
}
