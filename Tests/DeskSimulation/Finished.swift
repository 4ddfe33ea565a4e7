import Dispatch
import Synchronization

/// Waits for a task, as a program may that does nothing else.
func finished<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
    let isDone = DispatchSemaphore(value: 0)
    let outcome = Outcome<Result>()
    Task.detached {
        let result = await body()
        outcome.result.withLock { $0 = result }
        isDone.signal()
    }
    isDone.wait()
    guard let result = outcome.result.withLock({ $0 }) else {
        preconditionFailure("the task has signalled")
    }
    return result
}

private final class Outcome<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
}
