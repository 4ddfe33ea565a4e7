package import DocketRPC
internal import Synchronization

/// Counts replies and waits for the end, without decoding anything.
package final class RawReceiver: MessageReceiver {
    private struct State {
        var replies = 0
        var statuses: [CallStatus] = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// A receiver to which nothing has come.
    package init() {}

    package func receive(_ bytes: RawSpan, cost: Int) {
        state.withLock { $0.replies += 1 }
    }

    package func finish(_ status: CallStatus) {
        state.withLock { state in
            state.statuses.append(status)
            return state.waiter.take()
        }?.resume()
    }

    /// How often the receiver was told an end.
    package var endCount: Int { state.withLock { $0.statuses.count } }

    /// Waits for the end; gives it and how many replies came.
    package func result() async -> (status: CallStatus, replies: Int) {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.statuses.isEmpty { state.waiter = continuation }
                return !state.statuses.isEmpty
            }
            if isOver { continuation.resume() }
        }
        return state.withLock { ($0.statuses[0], $0.replies) }
    }
}
