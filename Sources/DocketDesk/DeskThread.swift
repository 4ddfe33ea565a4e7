internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import Logging

/// The writer's own thread: takes what waits, runs it, sleeps.
struct DeskThread: Sendable {
    let store: any Store
    let queue: CommandQueue
    let parts: DeskParts
    let readers: ReaderThreads
    let logger: Logger
    let onFatal: @Sendable (StoreError) -> Void
    let onEnd: @Sendable () -> Void

    /// A copy of the store in the making and whom to tell of it.
    private typealias Copying = (
        backup: any StoreBackup, completion: @Sendable (BackupResult) -> Void
    )

    /// Starts the thread.
    func start(from start: DeskStart) {
        let thread = Thread { run(from: start) }
        thread.name = "docket.desk"
        thread.start()
    }

    private func run(from start: DeskStart) {
        var writer = Writer(store: store, parts: parts, logger: logger, from: start)
        var following = Following(store, parts: parts, from: start.followed)
        var copying: [Copying] = []
        defer {
            for copy in copying {
                copy.backup.cancel()
                copy.completion(.failure(.unavailable(.stopped)))
            }
            onEnd()
        }
        do throws(StoreError) {
            while let work = queue.takeAll() {
                try run(admit(work, &copying), with: &writer)
                step(&copying)
                let pause = try following.step(sawCommands: !work.isEmpty)
                guard copying.isEmpty, pause > .zero else { continue }
                queue.sleep(atMost: min(writer.sleep(from: parts.clock.now()), pause))
            }
        } catch {
            end(because: error)
        }
    }

    /// Runs what waits in transactions of a bounded size; an empty batch fires timers.
    private func run(
        _ waiting: [Waiting],
        with writer: inout Writer
    ) throws(StoreError) {
        var rest = waiting[...]
        repeat {
            let batch = rest.takeBatch(atMost: parts.limits.commandsInTransaction)
            do {
                try writer.run(batch)
            } catch {
                for waiting in rest { waiting.complete(with: .unavailable(.stopped)) }
                throw error
            }
        } while !rest.isEmpty
    }

    /// Parts submissions from copies to begin.
    private func admit(_ work: [WaitingWork], _ copying: inout [Copying]) -> [Waiting] {
        var waiting: [Waiting] = []
        waiting.reserveCapacity(work.count)
        for item in work {
            switch item {
            case .submissions(let submissions): waiting.append(submissions)
            case .backup(let path, let completion):
                do throws(StoreError) {
                    copying.append((try store.beginBackup(to: path), completion))
                } catch {
                    completion(.failure(.store(error)))
                }
            }
        }
        return waiting
    }

    /// Carries every copy one step on.
    ///
    /// A copy that fails is given up; the desk goes on.
    private func step(_ copying: inout [Copying]) {
        copying = copying.filter { copy in
            do throws(StoreError) {
                guard try copy.backup.step() else { return true }
                finish(copy)
            } catch {
                copy.backup.cancel()
                copy.completion(.failure(.store(error)))
            }
            return false
        }
    }

    /// Has a complete copy verified and put in its place beside the writer, which must not stand
    /// still for as long as that takes.
    private func finish(_ copy: Copying) {
        readers.start {
            do throws(StoreError) {
                try copy.backup.finish()
                copy.completion(.success(()))
            } catch {
                copy.backup.cancel()
                copy.completion(.failure(.store(error)))
            }
        }
    }

    /// Refuses everything from now on, and tells that the process has to end.
    private func end(because error: StoreError) {
        logger.critical(
            "the store failed; the desk stops, and recovers when it is opened again",
            metadata: ["error": "\(error)"]
        )
        queue.close()
        while let work = queue.takeAll() {
            for item in work {
                switch item {
                case .submissions(let waiting): waiting.complete(with: .unavailable(.stopped))
                case .backup(_, let completion): completion(.failure(.store(error)))
                }
            }
        }
        onFatal(error)
    }
}
