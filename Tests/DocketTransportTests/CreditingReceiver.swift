import DocketRPC
import Synchronization

/// Counts the messages of a call and gives their credit back at once.
final class CreditingReceiver: MessageReceiver {
    private struct State {
        var call: (any ClientCall)?
        var owed = 0
        var replies = 0
        var hasEnded = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func receive(_ bytes: RawSpan, cost: Int) {
        let call = state.withLock { state in
            state.replies += 1
            if state.call == nil { state.owed += cost }
            return state.call
        }
        call?.consumed(cost: cost)
    }

    func finish(_ status: CallStatus) {
        state.withLock { state in
            state.hasEnded = true
            state.call = nil
            return state.waiter.take()
        }?.resume()
    }

    /// Waits for the end; gives how many messages came.
    func result(of call: any ClientCall) async -> Int {
        let owed = state.withLock { state in
            if !state.hasEnded { state.call = call }
            return state.owed
        }
        call.consumed(cost: owed)
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasEnded { state.waiter = continuation }
                return state.hasEnded
            }
            if isOver { continuation.resume() }
        }
        return state.withLock { $0.replies }
    }
}
