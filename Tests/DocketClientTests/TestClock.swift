import Synchronization

@testable import DocketClient

/// A clock that stands still until a test moves it, and tells when somebody waits for it.
final class TestClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let limit: Duration
        let continuation: CheckedContinuation<Instant, Never>
    }

    private struct State {
        var now: Instant
        var lastNumber = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []

        func nextDeadline(within limit: Duration) -> Instant? {
            sleepers.values.map(\.deadline).filter { $0 - now <= limit }.min()
        }
    }

    /// The moment at which every test begins.
    let start = ContinuousClock.now
    private let state: Mutex<State>

    init() {
        state = Mutex(State(now: start))
    }

    var now: Instant { state.withLock { $0.now } }

    var minimumResolution: Duration { .nanoseconds(1) }

    /// Waits until somebody waits for no longer than `limit`, then moves to the end of that wait.
    ///
    /// Gives how far the clock has moved.
    @discardableResult
    func passNextWait(within limit: Duration) async -> Duration {
        let deadline = await withCheckedContinuation { continuation in
            let deadline = state.withLock { state in
                let deadline = state.nextDeadline(within: limit)
                if deadline == nil {
                    state.watchers.append(Watcher(limit: limit, continuation: continuation))
                }
                return deadline
            }
            if let deadline { continuation.resume(returning: deadline) }
        }
        let passed = deadline - now
        advance(to: deadline)
        return passed
    }

    private func advance(to moment: Instant) {
        let woken = state.withLock { state in
            state.now = max(state.now, moment)
            let woken = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Sleeper(deadline: deadline, continuation: continuation), number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func add(_ sleeper: Sleeper, _ number: Int) {
        let outcome = state.withLock { state -> Result<Void, any Error>? in
            if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
            if sleeper.deadline <= state.now { return .success(()) }
            state.sleepers[number] = sleeper
            return nil
        }
        if let outcome { return sleeper.continuation.resume(with: outcome) }
        let told = state.withLock { state in
            let watchers = state.watchers
            state.watchers = watchers.filter { state.nextDeadline(within: $0.limit) == nil }
            return watchers.compactMap { watcher in
                state.nextDeadline(within: watcher.limit).map { (watcher.continuation, $0) }
            }
        }
        for (continuation, deadline) in told { continuation.resume(returning: deadline) }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let sleeper = state.sleepers.removeValue(forKey: number) else {
                state.cancelled.insert(number)
                return nil
            }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}

extension TestClock {
    /// The wall clock's moment at which every test begins.
    static let firstMoment = Timestamp(millisecondsSinceEpoch: 1_741_097_000_456)

    /// The clock for a client, whose wall clock goes at the same pace.
    var engineClock: EngineClock { engineClock(nil) }

    /// The same clock, on a machine that sleeps.
    func engineClock(_ sleep: TestSleep?) -> EngineClock {
        var asleep: (@Sendable () -> Duration)?
        if let sleep { asleep = { sleep.total } }
        return EngineClock(
            self,
            moment: {
                let passed = Int64((self.now - self.start) / .milliseconds(1))
                let first = Self.firstMoment.millisecondsSinceEpoch
                return Timestamp(millisecondsSinceEpoch: first + UInt64(clamping: passed))
            },
            asleep: asleep
        )
    }
}

/// How long a machine was asleep, as a test says.
final class TestSleep: Sendable {
    private let sum = Mutex(Duration.seconds(3_600))

    /// All of it.
    var total: Duration { sum.withLock { $0 } }

    /// The machine was asleep again.
    func add(_ duration: Duration) { sum.withLock { $0 += duration } }
}
