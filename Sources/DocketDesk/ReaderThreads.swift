internal import Dispatch
internal import DocketStore
internal import Synchronization

/// A few threads on which the store or files beside it are read, so that no event loop waits for a
/// disk.
///
/// All take from one line, so that a slow read holds up nobody as long as another thread is free.
final class ReaderThreads: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        /// The threads that rest.
        ///
        /// A serial queue brings its own thread, where a concurrent one would take from the few
        /// that run the tasks of the process.
        var idle: [DispatchQueue]
        /// What waits, the newest last.
        var incoming: [Job] = []
        /// What waits longer than that, the oldest last.
        var outgoing: [Job] = []

        /// Takes what has waited longest; where nothing waits, the thread rests.
        mutating func next(for thread: DispatchQueue) -> Job? {
            if outgoing.isEmpty {
                outgoing = incoming.reversed()
                incoming = []
            }
            if outgoing.isEmpty { idle.append(thread) }
            return outgoing.popLast()
        }
    }

    private let state: Mutex<State>

    init(count: Int, label: String) {
        let threads = (0..<max(count, 1)).map { DispatchQueue(label: "\(label).\($0)") }
        state = Mutex(State(idle: threads))
    }

    /// Has a job done on one of the threads.
    func start(_ job: @escaping Job) {
        let thread = state.withLock { state in
            state.incoming.append(job)
            return state.idle.popLast()
        }
        guard let thread else { return }
        thread.async { [self] in
            while let job = state.withLock({ $0.next(for: thread) }) { job() }
        }
    }

    /// Does something that may wait for a disk on one of the threads.
    func run<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = await withCheckedContinuation {
            continuation in
            start {
                do throws(Failure) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }

    /// Reads one consistent moment of the store on one of the threads.
    func read<Result: Sendable>(
        _ store: any Store,
        _ body: @escaping @Sendable (any StoreReading) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await run { () throws(StoreError) in try store.read(body) }
    }

    /// Reads what a commit writes at once, on one of the threads; rows of requests may be behind.
    func readLog<Result: Sendable>(
        _ store: any Store,
        _ body: @escaping @Sendable (any StoreReading) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await run { () throws(StoreError) in try store.readLog(body) }
    }
}
