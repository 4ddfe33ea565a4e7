package import DocketDomain

/// Where the desk takes the time from; the only place.
package protocol DeskClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}
