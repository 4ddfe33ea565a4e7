package import DocketDomain
package import DocketStore
package import Logging
internal import Synchronization

/// Takes submissions into a store on the calling thread, in transactions as large as they come.
///
/// It decides and writes what a desk would, without the threads, the queue and the feeds of one:
/// for whoever fills a store that no desk has open. What it writes depends on the submissions, the
/// clock and the chance alone.
package struct BulkWriter {
    private let store: any Store
    private let parts: DeskParts
    private var writer: Writer

    /// Entries by which one step brings a follower of the log on: the larger, the fewer are the
    /// search index's own merges, and nobody waits meanwhile.
    private static let followedEntries: UInt64 = 65_536

    /// Makes a writer that goes on where the store's log ends.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept; nobody else writes to it.
    ///   - policy: The rules.
    ///   - clock: Where the time comes from.
    ///   - random: Where the chance in the ids of requests comes from.
    ///   - hash: SHA-256, which binds the log's entries to each other.
    ///   - logger: Where it is written that the clock was set back.
    /// - Throws: A `StoreError` when the store cannot be read.
    package init(
        store: any Store,
        policy: Policy,
        clock: any DeskClock,
        random: any RandomNumberGenerator & Sendable,
        hash: @escaping AuditHash,
        logger: Logger
    ) throws(StoreError) {
        try AuditCompletion.run(on: store, hash: hash)
        let (position, start) = try store.read { reading throws(StoreError) in
            (try reading.position(), try DeskStart(reading))
        }
        var limits = DeskLimits()
        limits.timersInTransaction = .max
        limits.purgedRows = 65_536
        self.store = store
        parts = DeskParts(
            policy: policy,
            limits: limits,
            clock: clock,
            head: position.head,
            random: random,
            hash: hash
        )
        writer = Writer(store: store, parts: parts, logger: logger, from: start)
    }

    /// Takes submissions in, in one transaction with the timers that are due, and gives the answers
    /// in their order.
    ///
    /// - Throws: The error after which a desk would stop.
    package mutating func take(_ submissions: [Submission]) throws(StoreError) -> [Reply] {
        let replies = Replies()
        let waiting = submissions.map { submission in
            Waiting.submission(submission, { replies.add($0) })
        }
        try writer.run(waiting[...])
        return replies.all
    }

    /// Brings every follower of the log to its end.
    package mutating func followLog() throws(StoreError) {
        let head = parts.publisher.tail.head
        for follower in Follower.allCases {
            while try store.follow(follower, atMost: Self.followedEntries) < head {}
        }
    }
}

/// Collects answers.
private final class Replies: Sendable {
    private let replies = Mutex<[Reply]>([])

    var all: [Reply] { replies.withLock { $0 } }

    func add(_ reply: Reply) { replies.withLock { $0.append(reply) } }
}
