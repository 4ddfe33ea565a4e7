internal import Synchronization

/// A clock that stands still until a test moves it, and tells when somebody waits for it.
///
/// A client that is made with it waits for nothing but the test: pass `passNextWait(within:)` where
/// the client backs off, and `advance(by:)` where time as such matters.
public final class VirtualClock: Clock, Sendable {
    /// Moments as the system's continuous clock has them.
    public typealias Instant = ContinuousClock.Instant

    private typealias Sleep = CheckedContinuation<Void, any Error>
    private typealias Watch = CheckedContinuation<Instant?, Never>

    private struct State {
        var now: Instant
        var lastNumber = 0
        var sleepers: [Int: (deadline: Instant, sleep: Sleep)] = [:]
        var watchers: [Int: (limit: Duration, watch: Watch)] = [:]
        /// Waits that were given up before they began.
        var cancelled: Set<Int> = []

        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }

        func nextDeadline(within limit: Duration) -> Instant? {
            sleepers.values.map(\.deadline).filter { $0 - now <= limit }.min()
        }
    }

    /// The moment at which the clock began.
    public let start: Instant
    private let state: Mutex<State>

    /// A clock that shows the present moment, and goes on showing it.
    public init() {
        start = .now
        state = Mutex(State(now: start))
    }

    /// The moment that the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    /// The shortest step.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How long the clock has run since it began.
    public var elapsed: Duration { now - start }

    /// How many tasks wait for the clock.
    public var waits: Int { state.withLock { $0.sleepers.count } }

    /// When the next of those who wait is to be woken; nil where nobody waits.
    public var nextDeadline: Instant? {
        state.withLock { state in state.sleepers.values.map(\.deadline).min() }
    }

    // MARK: Moving

    /// Moves the clock on and wakes everybody whose time has come.
    public func advance(by duration: Duration) {
        advance(to: now + duration)
    }

    /// Moves the clock on to a moment, and wakes everybody whose time has come; never back.
    public func advance(to moment: Instant) {
        let woken = state.withLock { state in
            state.now = max(state.now, moment)
            let woken = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for sleeper in woken { sleeper.value.sleep.resume() }
    }

    /// Waits until somebody waits for no longer than `limit`, then moves to the end of that wait.
    ///
    /// - Parameter limit: Longer waits are passed over: those for a timeout are usually such.
    /// - Returns: How far the clock has moved; nothing where the task was cancelled meanwhile.
    @discardableResult
    public func passNextWait(within limit: Duration) async -> Duration {
        guard let deadline = await nextDeadline(within: limit) else { return .zero }
        let passed = deadline - now
        advance(to: deadline)
        return max(passed, .zero)
    }

    /// Does something while every wait that is no longer than `limit` passes at once.
    ///
    /// - Parameters:
    ///   - limit: Longer waits stand still. The default lets a client back off a few times, and
    ///     keeps timeouts and heartbeats where they are. A client that has failed many times in a
    ///     row waits for up to a minute.
    ///   - body: What to do.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func run<Value: Sendable, Failure: Error>(
        within limit: Duration = .seconds(10),
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let driver = Task {
            while !Task.isCancelled { await passNextWait(within: limit) }
        }
        defer { driver.cancel() }
        return try await body()
    }

    private func nextDeadline(within limit: Duration) async -> Instant? {
        let number = state.withLock { $0.nextNumber() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (watch: Watch) in
                let known = state.withLock { state -> Instant?? in
                    if state.cancelled.remove(number) != nil { return .some(nil) }
                    if let deadline = state.nextDeadline(within: limit) { return deadline }
                    state.watchers[number] = (limit, watch)
                    return nil
                }
                if let known { watch.resume(returning: known) }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                let watcher = state.watchers.removeValue(forKey: number)
                if watcher == nil { state.cancelled.insert(number) }
                return watcher
            }
            watcher?.watch.resume(returning: nil)
        }
    }

    // MARK: Waiting

    /// Waits until the clock shows a moment.
    ///
    /// - Parameters:
    ///   - deadline: The moment.
    ///   - tolerance: Not used: this clock is exact.
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLock { $0.nextNumber() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { add($0, until: deadline, number) }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: number)
                if sleeper == nil { state.cancelled.insert(number) }
                return sleeper
            }
            sleeper?.sleep.resume(throwing: CancellationError())
        }
    }

    private func add(_ sleep: Sleep, until deadline: Instant, _ number: Int) {
        let (outcome, told) = state.withLock { state -> (Result<Void, any Error>?, [Watch]) in
            if state.cancelled.remove(number) != nil { return (.failure(CancellationError()), []) }
            if deadline <= state.now { return (.success(()), []) }
            state.sleepers[number] = (deadline, sleep)
            let told = state.watchers.filter { deadline - state.now <= $0.value.limit }
            for number in told.keys { state.watchers[number] = nil }
            return (nil, told.sorted { $0.key < $1.key }.map(\.value.watch))
        }
        if let outcome { sleep.resume(with: outcome) }
        for watch in told { watch.resume(returning: deadline) }
    }
}
