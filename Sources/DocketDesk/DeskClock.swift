package import DocketDomain

/// Where the desk takes the time from; the only place.
package protocol DeskClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
    /// How much time has passed since some moment of the past; setting the clock does not change
    /// it.
    func uptime() -> Duration
}
