internal import DocketDomain
internal import DocketStore

/// Where a writer goes on.
struct DeskStart: Sendable {
    /// The newest moment that is known: of the log's last event, or when the clock was set back
    /// after it.
    let newestMoment: Timestamp
    /// When the next timer is due.
    let nextTimer: Timestamp?
    /// Whether requests are left whose timers follow the previous rules.
    let hasMoreToRevise: Bool
    /// How far each follower of the log has come.
    let followed: [Follower: UInt64]

    /// Reads it.
    init(_ reading: any StoreReading) throws(StoreError) {
        let head = try reading.position().head
        if let setBack = try reading.lastSetBack(), setBack.head >= head {
            newestMoment = setBack.moment
        } else {
            let newest = try reading.entry(at: head).flatMap { Event(encoded: $0.event) }
            newestMoment = newest?.at ?? Timestamp(milliseconds: 0)
        }
        nextTimer = try reading.nextTimer()?.due
        hasMoreToRevise = try reading.timersRevisedThrough() != nil
        var followed: [Follower: UInt64] = [:]
        for follower in Follower.allCases { followed[follower] = try reading.followed(follower) }
        self.followed = followed
    }
}
