internal import DocketWire
package import NIOCore

/// A connection, as the housekeeping of its event loop sees it.
protocol LoopMember: AnyObject {
    /// Time has passed: about a second, unless another interval was chosen.
    func tick(at now: ContinuousClock.Instant)
    /// At the end of a turn in which something was written outside of reading.
    func flushTurn()
    /// Where the member stands in its loop's list.
    var memberIndex: Int { get set }
}

/// What the connections of one event loop share: buffers, the deadlines' wheel, the sweep once a
/// second, and the flush at the end of a turn.
///
/// Confined to its event loop: every use is from code that runs on it. That is why it may claim to
/// be Sendable without a lock.
package final class LoopResources: @unchecked Sendable {
    /// The size of the buffers into which ciphertext is opened, in bytes: a few TLS records.
    static let plaintextCapacity = 64 << 10
    /// Buffers kept for reuse.
    private static let spareBuffers = 16
    /// A larger buffer is not kept, in bytes.
    private static let spareCapacity = 256 << 10
    /// Members that are looked at in one go: some hundred microseconds.
    private static let sweepSlice = 256

    /// The event loop.
    package let eventLoop: any EventLoop
    /// Runs handlers on the event loop.
    package let executor: EventLoopExecutor
    /// Shares the loop's time between its connections.
    let turns: LoopTurns
    private var spare: [ByteBuffer] = []
    private var wheel: DeadlineWheel
    private var wheelRuns = false
    private var members: [any LoopMember] = []
    private var dirty: [any LoopMember] = []
    private let sweepInterval: TimeAmount
    private var sweepRuns = false
    /// How many members this sweep has not looked at, which are the first ones.
    private var sweepRest = 0
    private var sweepPause = TimeAmount.zero

    /// The resources of `eventLoop`, whose connections look at the time at this interval.
    package init(eventLoop: any EventLoop, sweepInterval: Duration = .seconds(1)) {
        self.eventLoop = eventLoop
        self.sweepInterval = .milliseconds(sweepInterval.milliseconds)
        turns = LoopTurns(eventLoop: eventLoop)
        executor = EventLoopExecutor(eventLoop: eventLoop, turns: turns)
        wheel = DeadlineWheel(now: .now)
    }

    /// The event loop for code that runs on it already: what it schedules need not be Sendable.
    var isolatedLoop: NIOIsolatedEventLoop { eventLoop.assumeIsolated() }

    // MARK: Buffers

    /// An empty buffer, with memory of an earlier use if there is one.
    func takeBuffer() -> ByteBuffer {
        spare.popLast() ?? ByteBuffer()
    }

    /// Gives a buffer back for reuse.
    ///
    /// False when somebody still reads it: its memory is left to them.
    @discardableResult
    func giveBack(_ buffer: consuming ByteBuffer) -> Bool {
        guard buffer.capacity > 0 else { return true }
        // Where somebody reads the memory, the buffer has new memory then: none.
        buffer.clear(minimumCapacity: 0)
        guard buffer.capacity > 0 else { return false }
        if spare.count < Self.spareBuffers, buffer.capacity <= Self.spareCapacity {
            spare.append(buffer)
        }
        return true
    }

    // MARK: Deadlines

    func set(_ deadline: Deadline, due: ContinuousClock.Instant) {
        wheel.insert(deadline, due: due)
        runWheel()
    }

    func takeBack(_ deadline: Deadline) {
        wheel.remove(deadline)
    }

    private func runWheel() {
        guard !wheelRuns, wheel.count > 0 else { return }
        wheelRuns = true
        eventLoop.scheduleTask(in: .milliseconds(DeadlineWheel.tick.milliseconds)) {
            self.wheelRuns = false
            for deadline in self.wheel.advance(to: .now) { deadline.expired() }
            self.runWheel()
        }
    }

    // MARK: Members

    func add(_ member: any LoopMember) {
        member.memberIndex = members.count
        members.append(member)
        runSweep()
    }

    func remove(_ member: any LoopMember) {
        let index = member.memberIndex
        guard members.indices.contains(index), members[index] === member else { return }
        let last = members.removeLast()
        guard last !== member else { return }
        members[index] = last
        last.memberIndex = index
    }

    /// Begins to look at every member once an interval: a slice at a time, evenly over the
    /// interval, so that ten thousand of them hold up nobody.
    private func runSweep() {
        guard !sweepRuns, !members.isEmpty else { return }
        sweepRuns = true
        sweepRest = members.count
        let slices = Int64(1 + members.count / Self.sweepSlice)
        sweepPause = .nanoseconds(sweepInterval.nanoseconds / slices)
        scheduleSlice()
    }

    private func scheduleSlice() {
        eventLoop.scheduleTask(in: sweepPause) {
            self.sweepSlice()
            guard self.sweepRest == 0 else { return self.scheduleSlice() }
            self.sweepRuns = false
            self.runSweep()
        }
    }

    /// Looks at the members from the last to the first: whoever takes the place of one that has
    /// gone stood behind it, so that nobody is left out.
    private func sweepSlice() {
        let now = ContinuousClock.now
        for _ in 0..<Self.sweepSlice {
            sweepRest = min(sweepRest, members.count)
            guard sweepRest > 0 else { return }
            sweepRest -= 1
            members[sweepRest].tick(at: now)
        }
    }

    // MARK: Flushing

    /// Has the member flush at the end of this turn, together with all others that ask.
    func markDirty(_ member: any LoopMember) {
        dirty.append(member)
        guard dirty.count == 1 else { return }
        eventLoop.execute {
            let members = self.dirty
            self.dirty.removeAll(keepingCapacity: true)
            for member in members { member.flushTurn() }
        }
    }
}
