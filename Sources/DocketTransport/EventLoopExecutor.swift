internal import DocketRPC
internal import NIOCore
internal import Synchronization

/// Runs tasks and closures on an event loop, so that a handler stays where its connection's state
/// is.
///
/// What comes while other work waits goes with it: after a commit the writer settles a hundred
/// calls at once, and each would otherwise pay for a lock of the event loop and a wake-up.
///
/// Work that takes long takes turns with the loop's sockets: a hundred heavy replies that are ready
/// at once hold up what comes on other connections for the time of one turn, not for their sum.
///
/// What comes from other threads waits under a lock; everything else is confined to the event loop.
/// That is why the class may claim to be Sendable.
package final class EventLoopExecutor: CallExecutor, @unchecked Sendable {
    /// How long work goes on before the loop looks at its sockets.
    ///
    /// Looking costs a few microseconds.
    private static let turn = TimeAmount.milliseconds(5)

    /// What waits for its turn.
    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    /// The room for so much waiting work is kept and used again.
    private static let keptRoom = 1_024

    private let eventLoop: any EventLoop
    private let turns: LoopTurns
    private let waiting = Mutex<[Work]>([])
    /// What has come to its turn, the next of it last.
    private var taken: [Work] = []
    private var timeTaken = TimeAmount.zero
    private var isResting = false
    /// Whether work came while the loop rested: nothing else says again that they wait.
    private var isOwedATurn = false

    /// An executor that runs everything on `eventLoop`, in turns.
    init(eventLoop: any EventLoop, turns: LoopTurns) {
        self.eventLoop = eventLoop
        self.turns = turns
    }

    package func execute(_ body: @escaping @Sendable () -> Void) { add(.closure(body)) }

    package func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    private func add(_ work: Work) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(work)
            return waiting.count == 1
        }
        if isFirst { eventLoop.execute { self.runWaiting() } }
    }

    /// Runs what waits, as far as there is time; what comes of it comes afterwards.
    private func runWaiting() {
        guard !isResting else { return isOwedATurn = true }
        if taken.isEmpty {
            waiting.withLock { swap(&$0, &taken) }
            taken.reverse()
        }
        var began = NIODeadline.now()
        while let work = taken.popLast() {
            switch work {
            case .job(let job): unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            case .closure(let body): body()
            }
            let ended = NIODeadline.now()
            timeTaken = timeTaken + (ended - began)
            began = ended
            if timeTaken >= Self.turn { return rest() }
        }
        if taken.capacity > Self.keptRoom { taken = [] }
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
