internal import Synchronization

/// Wakes one who waits for work; a ring while nobody waits is kept.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the one who waits, or who waits next.
    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter.take() else {
                state.isRung = true
                return nil
            }
            return waiter
        }
        waiter?.resume()
    }

    /// Waits until somebody rings or a moment has come; for one caller.
    func wait(until moment: ContinuousClock.Instant?, by clock: EngineClock) async {
        let timer = moment.map { moment in
            Task { if await clock.sleep(until: moment) { ring() } }
        }
        await wait()
        timer?.cancel()
    }

    /// Waits until somebody rings; for one caller.
    func wait() async {
        await withCheckedContinuation { waiter in
            let isRung = state.withLock { state in
                defer { state.isRung = false }
                if !state.isRung { state.waiter = waiter }
                return state.isRung
            }
            if isRung { waiter.resume() }
        }
    }
}
