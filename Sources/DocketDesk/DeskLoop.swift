internal import DocketDomain
internal import DocketStore
internal import Logging

/// The writer's work, a turn at a time: takes what waits, runs it, and says how long it may rest.
struct DeskLoop {
    /// A copy of the store in the making and whom to tell of it.
    private typealias Copying = (
        backup: any StoreBackup, completion: @Sendable (BackupResult) -> Void
    )

    private let store: any Store
    private let queue: CommandQueue
    private let parts: DeskParts
    private let readers: ReaderThreads
    private let logger: Logger
    private let onFatal: @Sendable (StoreError) -> Void
    private let onEnd: @Sendable () -> Void
    private var writer: Writer
    private var following: Following
    private var copying: [Copying] = []
    private var isOver = false

    init(
        store: any Store,
        queue: CommandQueue,
        parts: DeskParts,
        readers: ReaderThreads,
        logger: Logger,
        from start: DeskStart,
        onFatal: @escaping @Sendable (StoreError) -> Void,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.queue = queue
        self.parts = parts
        self.readers = readers
        self.logger = logger
        self.onFatal = onFatal
        self.onEnd = onEnd
        writer = Writer(store: store, parts: parts, logger: logger, from: start)
        following = Following(store, parts: parts, from: start.followed)
    }

    /// Takes a turn, and gives how long nothing more is due; `nil` when the desk has ended.
    mutating func turn() -> Duration? {
        guard !isOver else { return nil }
        do throws(StoreError) {
            if let work = queue.takeAll() { return try turn(with: work) }
        } catch {
            fail(because: error)
        }
        end()
        return nil
    }

    private mutating func turn(with work: [WaitingWork]) throws(StoreError) -> Duration {
        try run(admit(work))
        step()
        let pause = try following.step(sawCommands: !work.isEmpty)
        guard copying.isEmpty, pause > .zero else { return .zero }
        return min(writer.sleep(from: parts.clock.now()), pause)
    }

    private mutating func end() {
        isOver = true
        for copy in copying {
            copy.backup.cancel()
            copy.completion(.failure(.unavailable(.stopped)))
        }
        copying = []
        onEnd()
    }

    /// Runs what waits in transactions of a bounded size; an empty batch fires timers.
    private mutating func run(_ waiting: [Waiting]) throws(StoreError) {
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
    private mutating func admit(_ work: [WaitingWork]) -> [Waiting] {
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
    private mutating func step() {
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
    private func fail(because error: StoreError) {
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
