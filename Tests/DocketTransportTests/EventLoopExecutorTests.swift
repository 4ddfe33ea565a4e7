import NIOCore
import NIOPosix
import Synchronization
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

    @Test(
        "does what other threads give it in their order, also over a rest",
        .timeLimit(.minutes(5))
    )
    func order() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopResources(eventLoop: group.next()).executor
        let numbers = Mutex<[Int]>([])
        // More than is kept room for, some of it heavy enough to end a turn.
        let count = 3_000
        await withCheckedContinuation { continuation in
            for number in 0..<count {
                executor.execute {
                    if number.isMultiple(of: 500) { Self.work(for: .milliseconds(6)) }
                    numbers.withLock { $0.append(number) }
                    if number == count - 1 { continuation.resume() }
                }
            }
        }
        #expect(numbers.withLock { $0 } == Array(0..<count))
        try await group.shutdownGracefully()
    }

    @Test("lets go of a closure once it has run", .timeLimit(.minutes(5)))
    func release() async throws {
        final class Held: Sendable {}
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopResources(eventLoop: group.next()).executor
        var held: Held? = Held()
        weak let witness = held
        executor.execute { [held] in _ = held }
        held = nil
        await Task(executorPreference: executor) {}.value
        #expect(witness == nil)
        try await group.shutdownGracefully()
    }
}
