internal import DocketDomain

/// The desk's time: the clock's, except that it does not go back by a little.
///
/// What happened later never seems to have happened earlier because a clock was adjusted. A clock
/// that shows much less than before was wrong before: waiting for it would let every timer stand
/// still for as long.
struct DeskTime {
    /// The present moment.
    private(set) var moment: Timestamp

    /// Begins with the newest moment that is known already.
    init(since moment: Timestamp) { self.moment = moment }

    /// Goes on to what the clock shows; gives by how much the time went back where it had to.
    mutating func advance(to now: Timestamp) -> Duration? {
        let lead = moment.since(now)
        guard lead > DeskTimes.longestLead else {
            moment = max(moment, now)
            return nil
        }
        moment = now
        return lead
    }
}
