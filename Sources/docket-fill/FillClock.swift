internal import DocketDesk
internal import DocketDomain
internal import Synchronization

/// The time in which a store is filled, which goes on when it is told to.
final class FillClock: DeskClock {
    private let start: Timestamp
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp) {
        start = moment
        self.moment = Mutex(moment)
    }

    func now() -> Timestamp { moment.withLock { $0 } }

    func uptime() -> Duration { now().since(start) }

    /// Lets time pass.
    func advance(by span: Duration) {
        moment.withLock { $0 = $0 + span }
    }
}
