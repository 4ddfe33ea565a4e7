import Glibc

/// Runs the tasks of the whole process on the thread that asks for it, one job after the other, in
/// the order in which they became due.
///
/// The runtime has a hook for jobs that would go to the shared pool of threads. With it no job
/// reaches the pool, so that what happens follows from the program alone.
enum OneThread {
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    /// The hook is not where the runtime has had it.
    struct NoHook: Error {}

    /// The executor as which this thread runs jobs.
    private final class Executor: TaskExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            OneThread.jobs.append(UnownedJob(job))
        }
    }

    private static let executor = Executor()
    // Touched by the one thread that there is.
    private nonisolated(unsafe) static var jobs: [UnownedJob] = []
    // Touched by the one thread that there is.
    private nonisolated(unsafe) static var done = 0

    /// How many jobs have run since the process began.
    // Touched by the one thread that there is.
    nonisolated(unsafe) static private(set) var count = 0

    /// Takes over all jobs from now on.
    static func takeOver() throws {
        guard let place = dlsym(dlopen(nil, RTLD_LAZY), "swift_task_enqueueGlobal_hook") else {
            throw NoHook()
        }
        place.assumingMemoryBound(to: Hook?.self).pointee = { job, _ in
            OneThread.jobs.append(job)
        }
    }

    /// Runs the next job that is due; false where there is none.
    static func runNext() -> Bool {
        guard done < jobs.count else { return false }
        let job = jobs[done]
        done += 1
        if done == jobs.count || done > 4_096 {
            jobs.removeFirst(done)
            done = 0
        }
        count += 1
        job.runSynchronously(on: executor.asUnownedTaskExecutor())
        return true
    }
}
