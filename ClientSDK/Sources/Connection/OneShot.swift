internal import Synchronization

/// A value that comes once, for one who waits.
///
/// Later values are dropped.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case settled(Value)
    }

    private let state = Mutex(State.empty)

    /// Gives the value, unless there is one.
    func settle(_ value: Value) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .empty:
                state = .settled(value)
                return nil
            case .awaited(let waiter):
                state = .settled(value)
                return waiter
            case .settled: return nil
            }
        }
        waiter?.resume(returning: value)
    }

    /// Waits for the value; for one caller.
    func value() async -> Value {
        await withCheckedContinuation { waiter in
            let value = state.withLock { state -> Value? in
                guard case .settled(let value) = state else {
                    state = .awaited(waiter)
                    return nil
                }
                return value
            }
            if let value { waiter.resume(returning: value) }
        }
    }
}
