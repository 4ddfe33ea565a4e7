internal import DocketDomain
internal import DocketStore

/// Where a writer goes on.
struct DeskStart: Sendable {
    /// When the newest event of the log was decided.
    let newestEvent: Timestamp
    /// When the next timer is due.
    let nextTimer: Timestamp?
    /// Whether requests are left whose timers follow the previous rules.
    let hasMoreToRevise: Bool
    /// The offset up to which the search index is filled.
    let indexedUpTo: UInt64

    /// Reads it.
    init(_ reading: any StoreReading) throws(StoreError) {
        let newest = try reading.entry(at: try reading.position().head)
        newestEvent = newest.flatMap { Event(encoded: $0.event)?.at } ?? Timestamp(milliseconds: 0)
        nextTimer = try reading.nextTimer()?.due
        hasMoreToRevise = try reading.timersRevisedThrough() != nil
        indexedUpTo = try reading.indexedUpTo()
    }
}
