internal import Synchronization

/// Tells those who show what a client holds that it has changed.
final class LocalObservers: Sendable {
    /// What may change.
    enum Change: Hashable, Sendable {
        /// What waits to be sent.
        case outbox
        /// What is held of the server's.
        case replica
    }

    private struct Observer {
        let interests: Set<Change>
        let continuation: AsyncStream<Void>.Continuation
    }

    private struct State {
        var isFinished = false
        var lastNumber = 0
        var observers: [Int: Observer] = [:]
    }

    private let state = Mutex(State())

    /// Something has changed.
    func ring(_ change: Change) {
        state.withLock { state in
            for observer in state.observers.inOrder where observer.interests.contains(change) {
                observer.continuation.yield()
            }
        }
    }

    /// Nothing changes any more.
    func finish() {
        let observers = state.withLock { state in
            state.isFinished = true
            defer { state.observers = [:] }
            return state.observers.inOrder
        }
        for observer in observers { observer.continuation.finish() }
    }

    /// A ring at once and after changes of some kinds; several changes can be one ring.
    func rings(of interests: Set<Change>) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        continuation.yield()
        let number = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.lastNumber += 1
            state.observers[state.lastNumber] = Observer(
                interests: interests,
                continuation: continuation
            )
            return state.lastNumber
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        return stream
    }
}
