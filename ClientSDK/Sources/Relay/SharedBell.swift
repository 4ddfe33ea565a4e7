internal import Synchronization

/// Wakes all who wait for something to change.
///
/// Whoever looks at what may change takes the count of rings before, and waits only as long as
/// nothing has rung since.
final class SharedBell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it was rung.
    var rings: UInt64 { state.withLock { $0.rings } }

    /// Wakes all who wait.
    func ring() {
        let waiters = state.withLock { state in
            state.rings &+= 1
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until it is rung, a moment has come, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - rings: What `rings` was before the caller looked; returns at once after another ring.
    ///   - moment: Until when to wait; nil for as long as it takes.
    ///   - clock: The clock of the moment.
    func wait(
        since rings: UInt64,
        until moment: ContinuousClock.Instant? = nil,
        by clock: EngineClock
    ) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let timer = moment.map { moment in
            Task { if await clock.sleep(until: moment) { wake(number) } }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let goesOn = state.withLock { state in
                    guard state.rings == rings, !Task.isCancelled else { return false }
                    state.waiters[number] = waiter
                    return true
                }
                if !goesOn { waiter.resume() }
            }
        } onCancel: {
            wake(number)
        }
        timer?.cancel()
    }

    private func wake(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
}
