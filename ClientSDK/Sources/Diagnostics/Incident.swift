internal import DocketRPC
internal import Logging

/// Something that happened to a client: it is counted, and told in the log.
///
/// What somebody has said, names and secrets are in none of it.
enum Incident: Sendable {
    /// An attempt to connect begins.
    case attempting
    /// The server has told its time.
    case greeted(Timestamp, at: Timestamp)
    /// A connection is signed in and may be used.
    case signedIn(Identity?)
    /// An attempt failed, or a connection ended.
    case connectionFailed(DocketClientError, endsSession: Bool, at: Timestamp)
    /// A wait was made shorter.
    case waitShortened
    /// A feed has told of a place.
    case feedTold(Cursor)
    /// A feed's entries did not follow each other: it is opened again.
    case feedBroken
    /// A feed was silent for longer than a server is: it is opened again.
    case feedSilent
    /// A feed cannot go on from its cursor: everything is read anew.
    case feedLost(Refusal?)
    /// So many commands had a verdict after so long.
    case answered(Duration, commands: Int)
    /// A command has taken effect.
    case accepted(QueuedCommand, Acceptance)
    /// A command was refused, which whoever sent it is told.
    case refused(QueuedCommand, Refusal)
    /// A command leaves no more by itself.
    case stopped(QueuedCommand, QueuedCommand.Stop)
    /// An attempt at a command brought no verdict.
    case attemptFailed(QueuedCommand, OutboxMachine.AttemptFailure, RPCError)
    /// The disk is full: what became of commands is kept when there is room.
    case storeIsFull
    /// The local store takes nothing any more: nothing is sent from now on.
    case storeIsLost(LocalStoreError)
}

extension ClientCounts {
    /// Counts.
    mutating func add(_ incident: Incident) {
        switch incident {
        case .attempting: connections.attempts += 1
        case .greeted(let theirs, at: let moment): connections.greeted(theirs, at: moment)
        case .signedIn: connections.signedIn()
        case .connectionFailed(let error, let endsSession, at: let moment):
            connections.failed(error, endsSession: endsSession, at: moment)
        case .waitShortened: connections.shortenedWaits += 1
        case .feedTold(let cursor): feeds.told(cursor)
        case .feedBroken: feeds.gapReopenings += 1
        case .feedSilent: feeds.silenceReopenings += 1
        case .feedLost(let refusal): feeds.resyncs(because: refusal)
        case .answered(let latency, let count): verdicts.latencies.add(latency, times: count)
        case .accepted: verdicts.accepted += 1
        case .refused: verdicts.refused += 1
        case .stopped(_, let reason): verdicts.stopped(reason)
        case .attemptFailed(_, let failure, _): verdicts.attemptFailed(failure)
        case .storeIsFull, .storeIsLost: break
        }
    }
}

extension Incident {
    /// How severe it is; nil for what is counted alone.
    var level: Logger.Level? {
        switch self {
        case .greeted, .waitShortened, .feedTold, .answered: nil
        case .attempting, .accepted, .attemptFailed: .debug
        case .signedIn, .connectionFailed: .info
        case .feedBroken, .feedSilent, .feedLost, .refused: .notice
        case .stopped, .storeIsFull: .warning
        case .storeIsLost: .error
        }
    }

    /// What the log says.
    var message: Logger.Message {
        switch self {
        case .attempting: "connecting"
        case .greeted: "the server has told its time"
        case .signedIn: "signed in"
        case .connectionFailed: "not connected"
        case .waitShortened: "the wait was made shorter"
        case .feedTold: "the feed has told of a place"
        case .feedBroken: "the feed has a gap and is opened again"
        case .feedSilent: "the feed was silent and is opened again"
        case .feedLost: "the feed cannot go on, everything is read anew"
        case .answered: "commands had verdicts"
        case .accepted: "a command has taken effect"
        case .refused: "a command was refused"
        case .stopped: "a command waits for a decision, and what is behind it waits too"
        case .attemptFailed: "an attempt at a command failed"
        case .storeIsFull: "the disk is full: make room"
        case .storeIsLost: "the local store cannot be used, and nothing is sent any more"
        }
    }

    /// What belongs to it.
    var metadata: Logger.Metadata {
        switch self {
        case .attempting, .greeted, .waitShortened, .feedTold, .answered: [:]
        case .feedBroken, .feedSilent, .storeIsFull: [:]
        case .storeIsLost(let error): ["reason": "\(error.word)"]
        case .signedIn(let identity):
            identity?.party.id.map { ["principal": "\($0)"] } ?? [:]
        case .connectionFailed(let error, _, _):
            ["code": "\(error.code.rawValue)", "reason": "\(error.refusal?.reason ?? "-")"]
        case .feedLost(let refusal): ["reason": "\(refusal?.reason ?? "-")"]
        case .accepted(let command, let acceptance):
            command.metadata.adding(["offset": "\(acceptance.offset)"])
        case .refused(let command, let refusal):
            command.metadata.adding(["reason": "\(refusal.reason)"])
        case .stopped(let command, let stop):
            command.metadata.adding(["reason": "\(stop.reason)"])
        case .attemptFailed(let command, _, let error):
            command.metadata.adding(["reason": "\(error.reason.rawValue)"])
        }
    }
}

extension QueuedCommand {
    fileprivate var metadata: Logger.Metadata {
        ["command_id": "\(id)", "kind": "\(kind.rawValue)", "lane": "\(lane.name)"]
    }
}

extension QueuedCommand.Stop {
    fileprivate var reason: String {
        switch self {
        case .refused(let refusal), .gaveUp(let refusal): refusal.reason
        case .expired: "expired"
        }
    }
}

extension LocalStoreError {
    /// What it is, without what the system says of it.
    fileprivate var word: String {
        switch self {
        case .full: "full"
        case .tooNew: "too_new"
        case .damaged: "damaged"
        case .failed: "failed"
        case .closed: "closed"
        }
    }
}

extension Logger.Metadata {
    fileprivate func adding(_ others: Logger.Metadata) -> Logger.Metadata {
        merging(others) { first, _ in first }
    }
}
