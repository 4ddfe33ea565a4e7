import NIOCore
import NIOPosix
import Testing

@testable import DocketTransport

/// Counts what its loop asks of it.
private final class Member: LoopMember {
    var memberIndex = -1
    var ticks = 0
    var flushes = 0
    var onFlush: () -> Void = {}
    var onTick: () -> Void = {}

    func tick(at now: ContinuousClock.Instant) {
        ticks += 1
        onTick()
    }

    func flushTurn() {
        flushes += 1
        onFlush()
    }
}

/// Counts what happens before the loop does anything else.
private final class Slice {
    private var count = 0
    var longest = 0

    func note(on resources: LoopResources) {
        if count == 0 {
            resources.isolatedLoop.execute {
                self.longest = max(self.longest, self.count)
                self.count = 0
            }
        }
        count += 1
    }
}

@Suite("What the connections of a loop share")
struct LoopResourcesTests {
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    /// Runs something on the loop.
    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (LoopResources) throws -> Result
    ) async throws -> Result {
        let resources = LoopResources(eventLoop: eventLoop, sweepInterval: .milliseconds(5))
        return try await eventLoop.submit { try body(resources) }.get()
    }

    @Test("A buffer that was given back is empty and used again")
    func buffers() async throws {
        try await onLoop { resources in
            var buffer = resources.takeBuffer()
            #expect(buffer.capacity == 0)
            buffer.writeString("what was there before")
            let capacity = buffer.capacity
            resources.giveBack(consume buffer)
            buffer = ByteBuffer()
            let again = resources.takeBuffer()
            #expect(again.readableBytes == 0)
            #expect(again.capacity == capacity)
            #expect(resources.takeBuffer().capacity == 0)
        }
    }

    @Test("A buffer that somebody still reads keeps its bytes")
    func sharedBuffer() async throws {
        try await onLoop { resources in
            let kept = ByteBuffer(string: "still read")
            resources.giveBack(kept)
            var next = resources.takeBuffer()
            next.writeString("something else")
            #expect(String(buffer: kept) == "still read")
        }
    }

    @Test("At most 16 buffers are kept, and none over 256 KiB")
    func bufferLimits() async throws {
        try await onLoop { resources in
            for _ in 0..<17 { resources.giveBack(ByteBuffer(string: "x")) }
            resources.giveBack(ByteBuffer(repeating: 0, count: (256 << 10) + 1))
            let capacities = (0..<17).map { _ in resources.takeBuffer().capacity }
            #expect(capacities.filter { $0 > 0 }.count == 16)
            resources.giveBack(ByteBuffer(repeating: 0, count: (256 << 10) + 1))
            #expect(resources.takeBuffer().capacity == 0)
        }
    }

    @Test("A member is asked no more once it was removed, wherever it stood")
    func members() async throws {
        let counts = try await onLoop { resources -> EventLoopFuture<[Int]> in
            let members = (0..<3).map { _ in Member() }
            for member in members { resources.add(member) }
            resources.remove(members[0])
            resources.remove(members[0])
            #expect(members[2].memberIndex == 0)
            let view = resources.isolatedLoop
            return view.scheduleTask(in: .milliseconds(100)) { members.map(\.ticks) }.futureResult
        }.get()
        #expect(counts[0] == 0)
        #expect(counts[1] > 0)
        #expect(counts[2] > 0)
    }

    @Test("A sweep looks at everybody in slices, between which the loop does other things")
    func slicedSweep() async throws {
        let (ticks, mostAtOnce) = try await onLoop { resources -> EventLoopFuture<([Int], Int)> in
            let members = (0..<1_000).map { _ in Member() }
            for member in members { resources.add(member) }
            // Some leave while a sweep is under way: nobody else is left out for that.
            resources.isolatedLoop.scheduleTask(in: .milliseconds(6)) {
                for member in members[..<100] { resources.remove(member) }
            }
            let slice = Slice()
            for member in members { member.onTick = { slice.note(on: resources) } }
            return resources.isolatedLoop.scheduleTask(in: .milliseconds(200)) {
                (members[100...].map(\.ticks), slice.longest)
            }.futureResult
        }.get()
        #expect(ticks.allSatisfy { $0 > 0 })
        #expect(mostAtOnce <= 256)
    }

    @Test("Members that wrote in one turn flush at its end, and may write again")
    func flushing() async throws {
        let flushes = try await onLoop { resources -> EventLoopFuture<Int> in
            let member = Member()
            let promise = resources.eventLoop.makePromise(of: Int.self)
            member.onFlush = { [unowned member] in
                guard member.flushes == 2 else { return resources.markDirty(member) }
                promise.succeed(member.flushes)
            }
            resources.markDirty(member)
            #expect(member.flushes == 0)
            return promise.futureResult
        }.get()
        #expect(flushes == 2)
    }
}
