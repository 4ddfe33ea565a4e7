internal import DocketDomain
package import DocketStore
internal import Synchronization

/// What the desk can do now.
package enum DeskCondition: Hashable, Sendable {
    /// It takes commands and answers queries.
    case serving
    /// It answers queries and refuses commands as transient, since the store does not take them:
    /// the disk is full, or another process holds the store's files.
    case readOnly(StoreError)
    /// It takes nothing more, for this reason; empty where it was asked to stop.
    case stopped(String)
}

/// Keeps what the desk can do now.
final class DeskConditionKeeper: Sendable {
    private struct State {
        var refusal: (at: Timestamp, error: StoreError)?
        var stop: String?
    }

    private let state = Mutex(State())

    /// What the desk can do at a moment.
    func condition(at now: Timestamp) -> DeskCondition {
        state.withLock { state in
            if let reason = state.stop { return .stopped(reason) }
            // A refusal in the future was noted before the clock was set back.
            guard let refusal = state.refusal,
                (.zero..<DeskTimes.readOnly).contains(now.since(refusal.at))
            else { return .serving }
            return .readOnly(refusal.error)
        }
    }

    /// Notes that a transaction has failed.
    func note(_ error: StoreError, at now: Timestamp) {
        state.withLock { state in
            if error.isFatal { state.stop = "\(error)" } else { state.refusal = (now, error) }
        }
    }

    /// Notes that a transaction has succeeded.
    func noteSuccess() {
        state.withLock { $0.refusal = nil }
    }

    /// Notes that the desk was asked to stop.
    func noteStop() {
        state.withLock { $0.stop = $0.stop ?? "" }
    }
}
