internal import DocketRPC
package import NIOCore
internal import Synchronization

/// Runs tasks on an event loop, so that a handler stays where its connection's state is.
///
/// Jobs that come while others wait go with them: after a commit the writer resumes a hundred
/// handlers at once, and each would otherwise pay for a closure and a lock of the event loop.
package final class EventLoopExecutor: CallExecutor {
    private let eventLoop: any EventLoop
    private let waiting = Mutex<[UnownedJob]>([])

    /// An executor that runs everything on `eventLoop`.
    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
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

    /// Runs the jobs that wait; those that they make come in the next turn.
    private func runWaiting() {
        let jobs = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
