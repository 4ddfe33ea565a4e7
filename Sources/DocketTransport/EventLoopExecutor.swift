internal import DocketRPC
package import NIOCore

/// Runs tasks on an event loop, so that a handler stays where its connection's state is.
package final class EventLoopExecutor: CallExecutor {
    private let eventLoop: any EventLoop

    /// An executor that runs everything on `eventLoop`.
    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func execute(_ body: @escaping @Sendable () -> Void) {
        eventLoop.execute(body)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute {
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
