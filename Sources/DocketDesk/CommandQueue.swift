internal import Dispatch
internal import DocketDomain
internal import Synchronization

/// What waits for the writer.
enum WaitingWork: Sendable {
    /// Submissions to decide.
    case submissions(Waiting)
    /// A copy of the store to make at a path.
    case backup(String, @Sendable (BackupResult) -> Void)

    /// How much of the queue it takes.
    var size: Int {
        switch self {
        case .submissions(let waiting): waiting.count
        case .backup: 1
        }
    }
}

/// The writer's bounded queue.
///
/// Any thread adds; the writer alone takes, and sleeps on it.
final class CommandQueue: Sendable {
    /// What became of an attempt to add.
    enum Admission: Sendable {
        case admitted
        case full
        case closed
    }

    private struct State {
        var work: [WaitingWork] = []
        /// The size of all that waits.
        var size = 0
        var isAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeUps = DispatchSemaphore(value: 0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds work, and wakes the writer where it sleeps.
    func add(_ work: WaitingWork) -> Admission {
        let (admission, wakes) = state.withLock { state -> (Admission, Bool) in
            guard !state.isClosed else { return (.closed, false) }
            guard state.size < limit else { return (.full, false) }
            state.work.append(work)
            state.size += work.size
            defer { state.isAsleep = false }
            return (.admitted, state.isAsleep)
        }
        if wakes { wakeUps.signal() }
        return admission
    }

    /// Lets the writer look around, as a clock in tests does after it was set.
    func wake() {
        let wakes = state.withLock { state in
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wakes { wakeUps.signal() }
    }

    /// Admits nothing more; what waits is still done.
    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// Takes everything that waits, or `nil` when the queue is closed and empty.
    func takeAll() -> [WaitingWork]? {
        state.withLock { state in
            if state.work.isEmpty, state.isClosed { return nil }
            defer {
                state.work = []
                state.size = 0
            }
            return state.work
        }
    }

    /// Sleeps until something is added, the queue is closed, or so much time has passed.
    func sleep(atMost span: Duration) {
        let sleeps = state.withLock { state in
            state.isAsleep = state.work.isEmpty && !state.isClosed
            return state.isAsleep
        }
        guard sleeps else { return }
        let (seconds, attoseconds) = span.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        let deadline = DispatchTime.now() + .nanoseconds(Int(nanoseconds))
        guard wakeUps.wait(timeout: deadline) == .timedOut else { return }
        let wasWoken = state.withLock { state in
            defer { state.isAsleep = false }
            return !state.isAsleep
        }
        // Somebody woke the writer just as it gave up waiting: that signal is used up here, so
        // that the next sleep is not cut short by it.
        if wasWoken { wakeUps.wait() }
    }
}
