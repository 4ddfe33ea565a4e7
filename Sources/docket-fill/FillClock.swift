internal import DocketDesk
internal import DocketDomain
internal import Synchronization

/// The time in which a store is filled, which goes on when it is told to.
final class FillClock: DeskClock {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp) { self.moment = Mutex(moment) }

    func now() -> Timestamp { moment.withLock { $0 } }

    /// Lets time pass.
    func advance(by span: Duration) {
        moment.withLock { $0 = $0 + span }
    }
}
