internal import DocketDomain
internal import DocketStore

/// Brings every follower of the log on, on the writer's thread.
struct Following {
    private let store: any Store
    private let parts: DeskParts
    private var schedules: [(follower: Follower, schedule: FollowerSchedule)]

    /// Goes on where each follower has come to.
    init(_ store: any Store, parts: DeskParts, from offsets: [Follower: UInt64]) {
        self.store = store
        self.parts = parts
        schedules = Follower.allCases.map { follower in
            let offset = offsets[follower] ?? 0
            return (follower, FollowerSchedule(from: offset, limits: parts.limits))
        }
    }

    /// Takes one step of each follower for which it is time, and gives how long the writer may
    /// sleep.
    ///
    /// - Throws: The error after which the desk has to stop.
    mutating func step(sawCommands: Bool) throws(StoreError) -> Duration {
        let now = parts.clock.now()
        let head = parts.publisher.tail.head
        var pause = DeskTimes.longestSleep
        for index in schedules.indices {
            let step = schedules[index].schedule.step(
                head: head,
                sawCommands: sawCommands,
                at: now
            )
            switch step {
            case .rest: continue
            case .wait(let span): pause = min(pause, span)
            case .follow(let count):
                try follow(index, atMost: count, at: now)
                pause = .zero
            }
        }
        return pause
    }

    private mutating func follow(
        _ index: Int,
        atMost count: UInt64,
        at now: Timestamp
    ) throws(StoreError) {
        do throws(StoreError) {
            let offset = try store.follow(schedules[index].follower, atMost: count)
            schedules[index].schedule.came(to: offset)
        } catch {
            let error = error.withoutIsolation
            guard !error.isFatal else { throw error }
            parts.condition.note(error, at: now)
            schedules[index].schedule.failed(at: now)
        }
    }
}
