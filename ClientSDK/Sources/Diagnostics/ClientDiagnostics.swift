/// How a client does: one picture, for people who help and for programs that watch.
///
/// It holds no text of messages and no secrets of the client's own; what the server or the system
/// says of an error is in it as they say it. What is counted is counted since the
/// client began. As JSON, spans and moments are whole numbers of milliseconds, which their keys
/// say; moments are those of this machine's wall clock, since 1970-01-01 UTC. Keys are only ever
/// added.
public struct ClientDiagnostics: Codable, Hashable, Sendable {
    /// How the client stands with its server.
    public let connection: Connection
    /// How far the client has read.
    public let feed: Feed
    /// What waits to be sent.
    public let outbox: Outbox
    /// The files of what waits.
    public let uploads: Uploads
    /// How many read marks the server does not have yet: at most one a conversation.
    public let readMarks: Int
    /// What the server said of what was sent.
    public let verdicts: Verdicts
    /// What the client keeps.
    public let store: Store
    /// Who has the client's profile; nil for a client without one, and where nobody has it.
    public internal(set) var holder: Holder?
    private let takenAtMilliseconds: UInt64

    /// When the picture was taken.
    public var takenAt: Timestamp { Timestamp(millisecondsSinceEpoch: takenAtMilliseconds) }

    init(
        at moment: Timestamp,
        connection: Connection,
        feed: Feed,
        outbox: Outbox,
        uploads: Uploads,
        readMarks: Int,
        verdicts: Verdicts,
        store: Store,
        holder: Holder?
    ) {
        takenAtMilliseconds = moment.millisecondsSinceEpoch
        self.connection = connection
        self.feed = feed
        self.outbox = outbox
        self.uploads = uploads
        self.readMarks = readMarks
        self.verdicts = verdicts
        self.store = store
        self.holder = holder
    }
}

extension ClientDiagnostics {
    /// How a client stands with its server.
    public struct Connection: Codable, Hashable, Sendable {
        /// A state without its particulars; see `ConnectionState`.
        public enum State: String, Codable, Hashable, Sendable {
            case connecting
            case authenticating
            case catchingUp
            case live
            case offline
            case needsLogin
            case closed

            init(_ state: ConnectionState) {
                switch state {
                case .connecting: self = .connecting
                case .authenticating: self = .authenticating
                case .catchingUp: self = .catchingUp
                case .live: self = .live
                case .offline: self = .offline
                case .needsLogin: self = .needsLogin
                case .closed: self = .closed
                }
            }
        }

        /// Where it stands.
        public let state: State
        /// The last failure of a connection or of an attempt to make one; nil before any.
        ///
        /// It stays when it is mended.
        public let lastError: Failure?
        /// How often the client tried to connect.
        public let attempts: Int
        /// How often it signed in on a new connection, after the first time.
        public let reconnects: Int
        /// How often it was worth trying again before the end of a wait.
        public let shortenedWaits: Int
        /// How often a session had ended and the client signed in for another.
        public let sessionRenewals: Int
        private let sinceMilliseconds: UInt64
        private let retryInMilliseconds: Int64?
        private let clockSkewMilliseconds: Int64?

        /// Since when it stands there.
        public var since: Timestamp { Timestamp(millisecondsSinceEpoch: sinceMilliseconds) }
        /// How long until the next attempt; nil unless the client is offline.
        public var retryIn: Duration? { retryInMilliseconds.map { .milliseconds($0) } }
        /// How far the server's clock is ahead of this machine's, less than nothing for one behind
        /// it; nil before a server has told.
        ///
        /// It is wrong by as long as the greeting took to come.
        public var clockSkew: Duration? { clockSkewMilliseconds.map { .milliseconds($0) } }

        init(
            _ state: State,
            since: Timestamp,
            retryIn: Duration?,
            _ counts: ClientCounts.Connections
        ) {
            self.state = state
            lastError = counts.lastError
            attempts = counts.attempts
            reconnects = max(0, counts.established - 1)
            shortenedWaits = counts.shortenedWaits
            sessionRenewals = counts.sessionRenewals
            sinceMilliseconds = since.millisecondsSinceEpoch
            retryInMilliseconds = retryIn.map(\.wholeMilliseconds)
            clockSkewMilliseconds = counts.clockSkew.map(\.wholeMilliseconds)
        }
    }

    /// Something that went wrong.
    public struct Failure: Codable, Hashable, Sendable {
        /// The word of a `DocketClientError.Code`.
        public let code: String
        /// The word of the protocol's registry; nil where no server said anything.
        public let reason: String?
        /// For a person.
        public let message: String
        private let atMilliseconds: UInt64

        /// When it went wrong.
        public var at: Timestamp { Timestamp(millisecondsSinceEpoch: atMilliseconds) }

        init(_ error: DocketClientError, at moment: Timestamp) {
            code = error.code.rawValue
            reason = error.refusal?.reason
            message = error.message
            atMilliseconds = moment.millisecondsSinceEpoch
        }
    }

    /// How far a client has read.
    public struct Feed: Codable, Hashable, Sendable {
        /// The text of the cursor up to which the replica stands; nil where there is no replica.
        public let cursor: String?
        /// By how many offsets of the log the server has told of more than the replica holds; nil
        /// where there is no replica, or nothing was told of the same life of the log.
        public let lag: UInt64?
        /// How often a feed could not go on from its cursor, by what the server gave as the cause.
        ///
        /// `epoch_changed`, `below_floor`, `above_head`, or `other` for what goes beyond 16 words.
        public let resyncs: [String: Int]
        /// How often a feed was opened again because something was missing or out of order.
        public let gapReopenings: Int
        /// How often a feed was opened again because nothing came for longer than a live server is
        /// silent.
        public let silenceReopenings: Int
    }

    /// What waits to be sent.
    public struct Outbox: Codable, Hashable, Sendable {
        /// How many commands wait for a verdict: messages, requests, tickets and comments.
        public let waiting: Int
        /// How many were refused, have failed or have expired.
        public let stopped: Int
        /// How many lanes stand still because their first command is one of those.
        public let stoppedLanes: Int
        /// The bytes of the calls of all of them, without their files.
        public let bytes: Int
        /// Why nothing is sent any more, such as `storage`; nil while it is.
        public let trouble: String?
        private let oldestAgeMilliseconds: Int64?

        /// How long ago the oldest of all of them was queued; nil for none.
        public var oldestAge: Duration? { oldestAgeMilliseconds.map { .milliseconds($0) } }

        init(
            _ machine: OutboxMachine,
            because trouble: DocketClientError?,
            at moment: Timestamp
        ) {
            self.trouble = trouble?.code.rawValue
            let summary = OutboxSummary(machine)
            waiting = summary.waiting
            stopped = summary.stopped
            bytes = summary.bytes
            stoppedLanes = machine.stoppedLanes
            oldestAgeMilliseconds = machine.oldest.map { $0.distance(to: moment).wholeMilliseconds }
        }
    }

    /// The files of what waits.
    public struct Uploads: Codable, Hashable, Sendable {
        /// How many files the server does not have yet and that are not stopped.
        public let waiting: Int
        /// How many of them are being uploaded.
        public let underWay: Int
        /// How many bytes of them have not been sent.
        public let bytesLeft: UInt64
    }

    /// What the server said of what was sent, and how often it said nothing.
    public struct Verdicts: Codable, Hashable, Sendable {
        /// How many commands have taken effect.
        public let accepted: Int
        /// How many the server refused.
        public let refused: Int
        /// How many were given up: the server failed at them every time, or this machine has lost
        /// what belongs to them.
        public let failed: Int
        /// How many have waited for too long.
        public let expired: Int
        /// Attempts that ended with their connection.
        public let lostAttempts: Int
        /// Attempts that the server put off.
        public let deferredAttempts: Int
        /// Attempts at which the server failed.
        public let faultyAttempts: Int
        /// How long the verdicts took from the attempt that brought them.
        public let latencies: Latencies
    }

    /// What a client keeps.
    public struct Store: Codable, Hashable, Sendable {
        /// The version of its tables; a program with an older one does not open them.
        public let version: Int
        /// Whether it outlives the client.
        public let isDurable: Bool
    }

    /// Who has a profile.
    public struct Holder: Codable, Hashable, Sendable {
        /// The id of the process, as it wrote it down itself.
        public let processID: Int32
        /// Whether it is this one.
        public let isThisProcess: Bool
    }
}

extension Duration {
    /// Whole milliseconds, without what goes beyond the last one.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !isTooLong else { return seconds < 0 ? .min : .max }
        let (sum, isBeyond) = milliseconds.addingReportingOverflow(
            attoseconds / 1_000_000_000_000_000
        )
        return isBeyond ? (seconds < 0 ? .min : .max) : sum
    }
}
