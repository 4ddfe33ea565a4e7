internal import DocketDomain
internal import DocketStore
internal import Synchronization

/// What the desk can do now.
package enum DeskCondition: Hashable, Sendable {
    /// It takes commands and answers queries.
    case serving
    /// It answers queries and refuses commands as transient, since the disk is full.
    case readOnly
    /// It takes nothing more, for this reason; empty where it was asked to stop.
    case stopped(String)
}

/// Keeps what the desk can do now.
final class DeskConditionKeeper: Sendable {
    private struct State {
        var fullAt: Timestamp?
        var stop: String?
    }

    private let state = Mutex(State())

    /// What the desk can do at a moment.
    func condition(at now: Timestamp) -> DeskCondition {
        state.withLock { state in
            if let reason = state.stop { return .stopped(reason) }
            guard let fullAt = state.fullAt, now < fullAt + DeskTimes.fullDisk else {
                return .serving
            }
            return .readOnly
        }
    }

    /// Notes that a transaction has failed.
    func note(_ error: StoreError, at now: Timestamp) {
        state.withLock { state in
            if case .full = error { state.fullAt = now } else { state.stop = "\(error)" }
        }
    }

    /// Notes that a transaction has succeeded.
    func noteSuccess() {
        state.withLock { $0.fullAt = nil }
    }

    /// Notes that the desk was asked to stop.
    func noteStop() {
        state.withLock { $0.stop = $0.stop ?? "" }
    }
}
