internal import DocketDomain

/// The desk's time: the clock's, except that it does not go back by a little.
///
/// What happened later never seems to have happened earlier because a clock was adjusted. A clock
/// that shows much less than it would have come to by itself was set back: waiting for it would let
/// every timer stand still for as long. One that shows much more was set forward.
struct DeskTime {
    /// The present moment.
    private(set) var moment: Timestamp
    /// The clock's uptime at the last look; `nil` before the first.
    private var uptime: Duration?

    /// Begins with the newest moment that is known already.
    init(since moment: Timestamp) { self.moment = moment }

    /// Goes on to what the clock shows; gives by how much it was set back where it was, which is
    /// negative where it was set forward.
    ///
    /// Between two looks the uptime says how far the clock would have come. At the first look
    /// nothing is known but the newest moment, after which any time may have passed.
    mutating func advance(to now: Timestamp, uptime: Duration) -> Duration? {
        let passed = self.uptime.map { max(uptime - $0, .zero) }
        self.uptime = uptime
        let lead = (moment + (passed ?? .zero)).since(now)
        if lead > DeskTimes.longestLead {
            moment = now
            return lead
        }
        moment = max(moment, now)
        guard passed != nil, lead < .zero - DeskTimes.longestLead else { return nil }
        return lead
    }
}
