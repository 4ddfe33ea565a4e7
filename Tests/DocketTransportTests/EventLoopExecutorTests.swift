import NIOCore
import NIOPosix
import Testing

@testable import DocketTransport

@Suite("The executor of an event loop")
struct EventLoopExecutorTests {
    /// Keeps the loop busy for so long, as a heavy reply does.
    private static func work(for time: Duration) {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {}
    }

    @Test("runs jobs that come while it rests between two turns", .timeLimit(.minutes(5)))
    func resting() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopResources(eventLoop: group.next()).executor
        let done = await withTaskGroup(of: Int.self) { tasks in
            // More than a turn of heavy jobs waits at once, and each makes another.
            for _ in 0..<8 {
                tasks.addTask(executorPreference: executor) {
                    for _ in 0..<20 {
                        Self.work(for: .milliseconds(2))
                        await Task.yield()
                    }
                    return 1
                }
            }
            // Jobs of other threads come all the while.
            for _ in 0..<4 {
                tasks.addTask {
                    for _ in 0..<500 {
                        await Task(executorPreference: executor) {}.value
                    }
                    return 1
                }
            }
            return await tasks.reduce(0, +)
        }
        #expect(done == 12)
        try await group.shutdownGracefully()
    }
}
