package import DocketDomain

/// Reads timers.
package protocol TimerReading {
    /// The timer that is due first; of several, that of the lowest request number, and of a
    /// request's own, that of the first kind.
    func nextTimer() throws(StoreError) -> TimerRecord?
    /// A request's timer of a kind, if it has one.
    func timer(
        of request: RequestID,
        kind: TimerRecord.Kind
    ) throws(StoreError) -> TimerRecord?
    /// Whether the clock was set back while a timer waited that waits still.
    func hasTimersSetBack() throws(StoreError) -> Bool
    /// What the clock showed when timers were set back last, and the offset of the log's last
    /// entry then; `nil` where they never were.
    func lastSetBack() throws(StoreError) -> (moment: Timestamp, head: UInt64)?
    /// The number of the last request whose timers follow the rules in force, while they are being
    /// revised after other rules came into force; `nil` when all of them do.
    func timersRevisedThrough() throws(StoreError) -> UInt64?
}
