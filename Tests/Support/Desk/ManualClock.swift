import DocketDesk
package import DocketDomain
import Synchronization

/// A clock that stands still until it is set.
package final class ManualClock: DeskClock {
    private struct State {
        var moment = Timestamp(milliseconds: 1_800_000_000_000)
        var uptime = Duration.zero
    }

    private let state = Mutex(State())

    /// Begins at a moment in 2027.
    package init() {}

    package func now() -> Timestamp { state.withLock { $0.moment } }

    package func uptime() -> Duration { state.withLock { $0.uptime } }

    /// Sets the clock forward without letting time pass.
    package func setForward(by span: Duration) {
        state.withLock { $0.moment = $0.moment + span }
    }

    /// Lets time pass, or sets the clock back by a negative span.
    package func advance(by span: Duration) {
        state.withLock { state in
            state.moment = state.moment + span
            state.uptime += max(span, .zero)
        }
    }
}
