import DocketDesk
package import DocketDomain
import Synchronization

/// A clock that stands still until it is set.
package final class ManualClock: DeskClock {
    private let moment: Mutex<Timestamp>

    /// Begins at a moment in 2027.
    package init() { moment = Mutex(Timestamp(milliseconds: 1_800_000_000_000)) }

    package func now() -> Timestamp { moment.withLock { $0 } }

    /// Moves the clock.
    package func advance(by span: Duration) { moment.withLock { $0 = $0 + span } }
}
