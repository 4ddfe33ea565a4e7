internal import Synchronization

/// What the interop service has seen, for tests that have to know what goes on in a handler.
package final class InteropObserver: Sendable {
    /// What happened so far.
    package struct Sightings: Equatable, Sendable {
        /// Handlers that have begun.
        package var begun = 0
        /// Handlers that have ended, however.
        package var ended = 0
        /// Handlers that have ended because they were cancelled.
        package var cancelled = 0
        /// Replies of streams that are on their way.
        package var replies = 0
        /// Messages of streams that were read.
        package var messages = 0
    }

    private struct Waiter {
        let isMet: @Sendable (Sightings) -> Bool
        let continuation: CheckedContinuation<Sightings, Never>
    }

    private struct State {
        var sightings = Sightings()
        var waiters: [Waiter] = []
        var unsettled: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// An observer that has seen nothing.
    package init() {}

    /// What happened so far.
    package var sightings: Sightings { state.withLock { $0.sightings } }

    /// Returns what has happened as soon as it meets the condition.
    @discardableResult
    package func wait(
        until isMet: @escaping @Sendable (Sightings) -> Bool
    ) async -> Sightings {
        await withCheckedContinuation { continuation in
            let met = state.withLock { state -> Sightings? in
                if isMet(state.sightings) { return state.sightings }
                state.waiters.append(Waiter(isMet: isMet, continuation: continuation))
                return nil
            }
            if let met { continuation.resume(returning: met) }
        }
    }

    /// Keeps what settles a call, whose handler has begun.
    func settleLater(_ settle: @escaping @Sendable () -> Void) {
        state.withLock { $0.unsettled.append(settle) }
        note { $0.begun += 1 }
    }

    /// Settles the calls that wait for it, in the order in which their handlers began.
    func settleAll() {
        let unsettled = state.withLock { state in
            defer { state.unsettled = [] }
            return state.unsettled
        }
        for settle in unsettled { settle() }
    }

    /// Notes that something happened.
    package func note(_ change: (inout Sightings) -> Void) {
        let (met, sightings) = state.withLock { state in
            change(&state.sightings)
            let sightings = state.sightings
            let met = state.waiters.filter { $0.isMet(sightings) }
            state.waiters.removeAll { $0.isMet(sightings) }
            return (met, sightings)
        }
        for waiter in met { waiter.continuation.resume(returning: sightings) }
    }
}
