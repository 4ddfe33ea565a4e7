internal import Logging
internal import Synchronization

/// What a client has counted since it began.
struct ClientCounts: Equatable, Sendable {
    /// How many causes of resyncs are told apart: causes are words of the server's, and one that
    /// made up ever new ones would fill the memory.
    static let mostCauses = 16
    /// How many characters of a cause are kept.
    static let causeLength = 64

    /// What became of connections.
    struct Connections: Equatable, Sendable {
        var attempts = 0
        /// How many connections were signed in.
        var established = 0
        var shortenedWaits = 0
        var sessionRenewals = 0
        var lastError: ClientDiagnostics.Failure?
        /// How far the server's clock is ahead.
        var clockSkew: Duration?
        /// Whether a session has ended and none was opened since.
        private var lacksSession = false

        /// The server has told its time, in milliseconds since 1970-01-01 UTC.
        mutating func greeted(_ theirs: Timestamp, at moment: Timestamp) {
            let ahead = moment.distance(to: theirs)
            clockSkew = ahead > .zero ? ahead : .zero - theirs.distance(to: moment)
        }

        mutating func signedIn() {
            established += 1
            if lacksSession { sessionRenewals += 1 }
            lacksSession = false
        }

        mutating func failed(_ error: DocketClientError, endsSession: Bool, at moment: Timestamp) {
            lastError = ClientDiagnostics.Failure(error, at: moment)
            if endsSession { lacksSession = true }
        }
    }

    /// What became of feeds.
    struct Feeds: Equatable, Sendable {
        private(set) var resyncs: [String: Int] = [:]
        var gapReopenings = 0
        var silenceReopenings = 0
        /// The furthest place of which the server has told, in the life of the log that it last
        /// told of.
        private(set) var head: Cursor?

        /// A feed cannot go on from its cursor.
        mutating func resyncs(because refusal: Refusal?) {
            let words = [refusal?.particulars, refusal?.reason]
            let word = words.compactMap { $0 }.first { !$0.isEmpty } ?? "other"
            let cause = String(word.prefix(ClientCounts.causeLength))
            let isKnown = resyncs[cause] != nil || resyncs.count < ClientCounts.mostCauses - 1
            resyncs[isKnown ? cause : "other", default: 0] += 1
        }

        /// The server has told of a place.
        mutating func told(_ cursor: Cursor) {
            guard let known = head, known.epoch == cursor.epoch else { return head = cursor }
            head = known.offset < cursor.offset ? cursor : known
        }

        /// By how much a place is behind what the server has told of the same life of the log.
        ///
        /// - Parameters:
        ///   - cursor: The place.
        ///   - other: An offset in the same life of which something else has told.
        /// - Returns: The distance in offsets; nil where nothing was told of that life.
        func lag(of cursor: Cursor, behind other: UInt64) -> UInt64? {
            guard let head, head.epoch == cursor.epoch else { return nil }
            let furthest = max(head.offset, other)
            return furthest > cursor.offset ? furthest - cursor.offset : 0
        }
    }

    /// What became of commands, and of attempts to send them.
    struct Verdicts: Equatable, Sendable {
        var accepted = 0
        var refused = 0
        private var failed = 0
        private var expired = 0
        private var lostAttempts = 0
        private var deferredAttempts = 0
        private var faultyAttempts = 0
        var latencies = Latencies()

        mutating func stopped(_ reason: QueuedCommand.Stop) {
            switch reason {
            case .refused: refused += 1
            case .gaveUp: failed += 1
            case .expired: expired += 1
            }
        }

        mutating func attemptFailed(_ failure: OutboxMachine.AttemptFailure) {
            switch failure {
            case .connection: lostAttempts += 1
            case .busy: deferredAttempts += 1
            case .fault: faultyAttempts += 1
            }
        }

        /// The same, for whoever asks.
        var told: ClientDiagnostics.Verdicts {
            ClientDiagnostics.Verdicts(
                accepted: accepted,
                refused: refused,
                failed: failed,
                expired: expired,
                lostAttempts: lostAttempts,
                deferredAttempts: deferredAttempts,
                faultyAttempts: faultyAttempts,
                latencies: latencies
            )
        }
    }

    var connections = Connections()
    var feeds = Feeds()
    var verdicts = Verdicts()
}

/// Counts and tells in a log what happens to one client, from any task.
final class Journal: Sendable {
    private let state = Mutex(ClientCounts())
    private let logger: Logger?

    /// A journal that tells a logger; nil for none.
    init(telling logger: Logger?) {
        self.logger = logger
    }

    /// What was counted so far.
    var counts: ClientCounts { state.withLock { $0 } }

    /// Counts something, and tells it.
    ///
    /// It runs the code of a log handler: nobody calls it under a lock.
    func note(_ incident: Incident) {
        state.withLock { $0.add(incident) }
        guard let logger, let level = incident.level else { return }
        logger.log(level: level, incident.message, metadata: incident.metadata)
    }
}
