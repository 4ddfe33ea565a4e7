package import DocketDomain

/// A timer that waits in the store.
///
/// A request has at most one of a kind.
package struct TimerRecord: Hashable, Sendable {
    /// What happens when a timer is due.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A silent live chat ends.
        case inactivity = 1
        /// A request that slept wakes.
        case wake = 2
        /// A request has been in its status long enough.
        case elapse = 3

        /// Whether the rules say when it is due, and not a request's own moment.
        package var followsPolicy: Bool {
            switch self {
            case .inactivity, .elapse: true
            case .wake: false
            }
        }
    }

    /// The request it belongs to.
    package let request: RequestID
    /// What happens when it is due.
    package let kind: Kind
    /// What the timer was set for, such as the ordinal of a live period or the moment at which a
    /// status was entered: a timer for anything else does nothing.
    package let version: UInt64
    /// When it is due.
    package let due: Timestamp
    /// By how much the clock was set back since what it waits for began: what the request's own
    /// moments say of it is ahead by as much.
    package let setBack: Duration

    /// Describes a timer.
    package init(
        request: RequestID,
        kind: Kind,
        version: UInt64,
        due: Timestamp,
        setBack: Duration = .zero
    ) {
        self.request = request
        self.kind = kind
        self.version = version
        self.due = due
        self.setBack = setBack
    }

    /// The moment from which on timers are parked: none is ever due so late, some 35,000 years on.
    package static let parking = Timestamp(milliseconds: 1 << 50)

    /// The timer, out of the way of those that are due: its request cannot be read.
    ///
    /// It waits until it is made due again, for another try.
    package var parked: TimerRecord { due(at: Timestamp(milliseconds: 1 << 51)) }

    /// The timer, due at another moment.
    package func due(at moment: Timestamp) -> TimerRecord {
        TimerRecord(request: request, kind: kind, version: version, due: moment, setBack: setBack)
    }

    /// The timer after the clock was set back: what is left of its span stays.
    ///
    /// After it was set forward again, which is a negative span, the timer is due when it was to
    /// be; it never becomes due later than that.
    package func setBack(by span: Duration) -> TimerRecord {
        let span = max(span, .zero - setBack)
        return TimerRecord(
            request: request,
            kind: kind,
            version: version,
            due: due + (.zero - span),
            setBack: setBack + span
        )
    }
}
