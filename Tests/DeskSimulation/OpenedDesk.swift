import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import DocketStoreSQLite

/// A desk on a store that has been opened.
struct OpenedDesk: Sendable {
    let sqlite: SQLiteStore
    /// The store, which can be made to fail.
    let store: FailingStore
    let fixture: DeskFixture

    /// Opens a store, and a desk on it under the rules that the store has kept.
    ///
    /// How far rows may be behind, and what feeds find in memory, differs with the seed.
    init(
        _ folder: String,
        _ seed: UInt64,
        _ policies: [Policy],
        _ clock: ManualClock,
        _ life: UInt64
    ) throws {
        sqlite = try SQLiteStore(
            directory: folder,
            newEpoch: Epoch(7),
            longestBacklog: [16, 100, SQLiteStore.longestBacklog][Int(seed % 3)]
        )
        store = FailingStore(sqlite)
        var limits = DeskLimits()
        limits.tailEntries = [8, 100, limits.tailEntries][Int(seed / 3 % 3)]
        let (kept, newest) = try store.readLog { reading throws(StoreError) in
            let head = try reading.position().head
            return (try reading.currentPolicy(), try reading.entry(at: head))
        }
        // A clock that has just begun stands before everything that has happened.
        if life > 0, clock.uptime() == .zero,
            let event = newest.flatMap({ Event(encoded: $0.event) })
        {
            clock.advance(by: event.at.since(clock.now()))
        }
        fixture = try DeskFixture(
            store: store,
            seed: seed &+ life &* 1_000_000_007,
            policy: kept.flatMap { PlayPolicies.policy($0, in: policies) } ?? policies.first,
            limits: limits,
            clock: clock,
            isDrivenByHand: true
        )
    }

    /// The policies of a play, beginning with another one for each seed.
    static func policies(_ all: [Policy], of seed: UInt64) -> [Policy] {
        let first = Int(seed % UInt64(all.count))
        return Array(all[first...] + all[..<first])
    }
}
