internal import DocketDomain
internal import Synchronization

/// The place of one subscription in its hub: news that came while nobody waited is not lost.
final class FeedRegistration: Sendable {
    private struct State {
        var hasNews = false
        var isClosed = false
        var signals: [FeedSignal] = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    let interest: FeedInterest
    let principal: PrincipalID?
    private let signalLimit: Int
    private let state = Mutex(State())

    init(interest: FeedInterest, principal: PrincipalID?, signalLimit: Int) {
        self.interest = interest
        self.principal = principal
        self.signalLimit = signalLimit
    }

    /// Says that there is news.
    func wake() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.hasNews = state.waiter == nil
            return state.waiter
        }
        waiter?.resume()
    }

    /// Adds a signal, in the place of the oldest where too many wait, and says that there is news.
    func pass(_ signal: FeedSignal) {
        state.withLock { state in
            state.signals = (state.signals + [signal]).suffix(signalLimit)
        }
        wake()
    }

    /// Takes the signals that wait and still say something at a moment.
    func takeSignals(at moment: Timestamp) -> [FeedSignal] {
        state.withLock { state in
            defer { state.signals = [] }
            return state.signals.filter { $0.isValid(at: moment) }
        }
    }

    /// Returns when there is news, or has been since it last returned, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let returns = state.withLock { state in
                    guard !state.hasNews, !state.isClosed else {
                        state.hasNews = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if returns { continuation.resume() }
            }
        } onCancel: {
            close()
        }
    }

    /// Lets everybody who waits go, now and later.
    func close() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isClosed = true
            return state.waiter
        }
        waiter?.resume()
    }
}
