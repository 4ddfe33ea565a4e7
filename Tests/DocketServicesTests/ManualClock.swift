import DocketDesk
import DocketDomain
import Synchronization

/// A clock that stands still until it is moved.
final class ManualClock: DeskClock {
    private let moment = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func advance(by span: Duration) { moment.withLock { $0 = $0 + span } }
}
