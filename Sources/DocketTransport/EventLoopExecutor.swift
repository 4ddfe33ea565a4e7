internal import DocketRPC
internal import NIOCore
internal import Synchronization

/// Runs tasks on an event loop, so that a handler stays where its connection's state is.
///
/// Jobs that come while others wait go with them: after a commit the writer resumes a hundred
/// handlers at once, and each would otherwise pay for a closure and a lock of the event loop.
///
/// Jobs that take long take turns with the loop's sockets: a hundred heavy replies that are ready
/// at once hold up what comes on other connections for the time of one turn, not for their sum.
///
/// What comes from other threads waits under a lock; everything else is confined to the event loop.
/// That is why the class may claim to be Sendable.
package final class EventLoopExecutor: CallExecutor, @unchecked Sendable {
    /// How long jobs run before the loop looks at its sockets.
    ///
    /// Looking costs a few microseconds.
    private static let turn = TimeAmount.milliseconds(5)

    private let eventLoop: any EventLoop
    private let turns: LoopTurns
    private let waiting = Mutex<[UnownedJob]>([])
    /// Jobs whose turn has come, the next one last.
    private var taken: [UnownedJob] = []
    private var timeTaken = TimeAmount.zero
    private var isResting = false
    /// Whether jobs came while the loop rested: nothing else says again that they wait.
    private var isOwedATurn = false

    /// An executor that runs everything on `eventLoop`, in turns.
    init(eventLoop: any EventLoop, turns: LoopTurns) {
        self.eventLoop = eventLoop
        self.turns = turns
    }

    package func execute(_ body: @escaping @Sendable () -> Void) {
        eventLoop.execute(body)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = waiting.withLock { waiting in
            waiting.append(job)
            return waiting.count == 1
        }
        if isFirst { eventLoop.execute { self.runWaiting() } }
    }

    /// Runs the jobs that wait, as far as they have time; those that they make come afterwards.
    private func runWaiting() {
        guard !isResting else { return isOwedATurn = true }
        if taken.isEmpty {
            taken = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            taken.reverse()
        }
        var began = NIODeadline.now()
        while let job = taken.popLast() {
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            let ended = NIODeadline.now()
            timeTaken = timeTaken + (ended - began)
            began = ended
            if timeTaken >= Self.turn { return rest() }
        }
        guard isOwedATurn else { return }
        isOwedATurn = false
        eventLoop.execute { self.runWaiting() }
    }

    private func rest() {
        isResting = true
        turns.afterSockets {
            self.isResting = false
            self.timeTaken = .zero
            self.runWaiting()
        }
    }
}
