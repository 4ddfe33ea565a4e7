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

    /// The event loop.
    package let eventLoop: any EventLoop
    /// Runs handlers on the event loop.
    package let executor: EventLoopExecutor
    private var spare: [ByteBuffer] = []
    private var wheel: DeadlineWheel
    private var wheelRuns = false
    private var members: [any LoopMember] = []
    private var dirty: [any LoopMember] = []
    private let sweepInterval: TimeAmount
    private var sweepRuns = false

    /// The resources of `eventLoop`, whose connections look at the time at this interval.
    package init(eventLoop: any EventLoop, sweepInterval: Duration = .seconds(1)) {
        self.eventLoop = eventLoop
        self.sweepInterval = .milliseconds(sweepInterval.milliseconds)
        executor = EventLoopExecutor(eventLoop: eventLoop)
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
    func giveBack(_ buffer: consuming ByteBuffer) {
        guard spare.count < Self.spareBuffers, buffer.capacity <= Self.spareCapacity else { return }
        // Memory that somebody still reads is left to them: nothing remains to be kept then.
        buffer.clear(minimumCapacity: 0)
        if buffer.capacity > 0 { spare.append(buffer) }
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

    private func runSweep() {
        guard !sweepRuns, !members.isEmpty else { return }
        sweepRuns = true
        eventLoop.scheduleTask(in: sweepInterval) {
            self.sweepRuns = false
            let now = ContinuousClock.now
            for member in self.members { member.tick(at: now) }
            self.runSweep()
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
