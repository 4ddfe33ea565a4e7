import DocketTesting
import Testing

@Suite("A virtual clock moves when it is told to", .timeLimit(.minutes(5)))
struct VirtualClockTests {
    @Test("It stands still until it is moved, and never goes back")
    func still() {
        let clock = VirtualClock()
        #expect(clock.now == clock.start)
        clock.advance(by: .seconds(5))
        #expect(clock.elapsed == .seconds(5))
        clock.advance(to: clock.start)
        #expect(clock.elapsed == .seconds(5))
    }

    @Test("Who waits is woken when the time has come")
    func sleepers() async throws {
        let clock = VirtualClock()
        async let long: Void = clock.sleep(until: clock.start + .seconds(9))
        async let short: Void = clock.sleep(until: clock.start + .seconds(2))
        #expect(await clock.passNextWait(within: .seconds(5)) == .seconds(2))
        try await short
        #expect(clock.nextDeadline == clock.start + .seconds(9))
        #expect(await clock.passNextWait(within: .seconds(7)) == .seconds(7))
        try await long
        #expect(clock.waits == 0)
        try await clock.sleep(until: clock.start + .seconds(9))
    }

    @Test("Who is cancelled waits no longer, and neither does who watches")
    func cancelling() async {
        let clock = VirtualClock()
        let sleeper = Task { try await clock.sleep(until: clock.start + .seconds(1)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        let watcher = Task { await clock.passNextWait(within: .seconds(1)) }
        watcher.cancel()
        #expect(await watcher.value == .zero)
        #expect(clock.elapsed == .zero)
    }

    @Test("While something runs, short waits pass and long ones do not")
    func running() async throws {
        let clock = VirtualClock()
        let long = Task { try await clock.sleep(until: clock.start + .seconds(60)) }
        let passed = try await clock.run {
            for _ in 0..<3 { try await clock.sleep(until: clock.now + .seconds(1)) }
            return clock.elapsed
        }
        #expect(passed == .seconds(3))
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
    }
}
