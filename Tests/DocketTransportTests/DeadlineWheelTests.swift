import DocketTestSupport
import Testing

@testable import DocketTransport

/// A deadline that knows whether it has come.
private final class Probe: Deadline {
    let due: ContinuousClock.Instant

    init(due: ContinuousClock.Instant) {
        self.due = due
    }
}

@Suite("The wheel of deadlines")
struct DeadlineWheelTests {
    private let origin = ContinuousClock.now

    private func wheel(_ probes: [Probe]) -> DeadlineWheel {
        var wheel = DeadlineWheel(now: origin)
        for probe in probes { wheel.insert(probe, due: probe.due) }
        return wheel
    }

    private func time(_ ticks: Double) -> ContinuousClock.Instant {
        origin + DeadlineWheel.tick * ticks
    }

    private func probe(ticks: Double) -> Probe {
        Probe(due: time(ticks))
    }

    @Test("A deadline comes when its time has come, and not before")
    func border() {
        let deadline = probe(ticks: 2)
        var wheel = wheel([deadline])
        #expect(wheel.advance(to: time(1.9)).isEmpty)
        #expect(wheel.advance(to: time(2)).first === deadline)
        #expect(wheel.count == 0)
    }

    @Test("A deadline within a tick comes with the next one, not a round later")
    func withinTick() {
        let deadline = probe(ticks: 1.8)
        var wheel = wheel([deadline])
        #expect(wheel.advance(to: time(1.5)).isEmpty)
        #expect(wheel.advance(to: time(2)).first === deadline)
    }

    @Test("A deadline that is past when it is set comes with the next tick")
    func past() {
        var wheel = DeadlineWheel(now: origin)
        _ = wheel.advance(to: time(100))
        let deadline = probe(ticks: 0.5)
        wheel.insert(deadline, due: deadline.due)
        #expect(wheel.advance(to: time(101)).first === deadline)
    }

    @Test("A deadline that was taken back never comes, whatever its place in the row")
    func takenBack() {
        for position in 0..<3 {
            let probes = (0..<3).map { _ in probe(ticks: 1) }
            var wheel = wheel(probes)
            wheel.remove(probes[position])
            wheel.remove(probes[position])
            #expect(wheel.count == 2)
            let expired = wheel.advance(to: time(1))
            #expect(expired.count == 2)
            #expect(!expired.contains { $0 === probes[position] })
        }
    }

    @Test("Deadlines of one place but later rounds stay")
    func rounds() {
        let near = probe(ticks: 1)
        let far = probe(ticks: 1 + 1_024)
        var wheel = wheel([near, far])
        #expect(
            wheel.advance(to: time(1)).map(ObjectIdentifier.init) == [
                ObjectIdentifier(near)
            ]
        )
        #expect(wheel.advance(to: time(1024.9)).isEmpty)
        #expect(wheel.advance(to: time(1025)).first === far)
    }

    @Test("After a long pause everything that is due comes at once")
    func pause() {
        let probes = stride(from: 0, to: 3_000, by: 3.7).map { probe(ticks: $0) }
        var wheel = wheel(probes)
        #expect(wheel.advance(to: origin + .seconds(60)).count == probes.count)
    }

    @Test("A deadline may lie as far away as can be said")
    func far() {
        let deadline = Probe(due: origin + .seconds(1 << 60))
        var wheel = wheel([deadline])
        #expect(wheel.advance(to: origin + .seconds(3_600)).isEmpty)
        wheel.remove(deadline)
        #expect(wheel.count == 0)
    }

    @Test("Every deadline comes once, in its tick, however time passes")
    func random() {
        var random = SeededRandom()
        var open: [ObjectIdentifier: Probe] = [:]
        var wheel = DeadlineWheel(now: origin)
        var now = origin
        for _ in 0..<5_000 {
            let deadline = Probe(
                due: now + .microseconds(Int.random(in: -5_000...200_000, using: &random))
            )
            wheel.insert(deadline, due: deadline.due)
            open[ObjectIdentifier(deadline)] = deadline
            now += .microseconds(Int.random(in: 0...30_000, using: &random))
            for expired in wheel.advance(to: now) {
                let probe = open.removeValue(forKey: ObjectIdentifier(expired))
                #expect(probe.map { $0.due <= now } == true, "\(random.replay)")
            }
            let late = open.values.filter { $0.due <= now - DeadlineWheel.tick * 2 }
            #expect(late.isEmpty, "\(random.replay)")
        }
        #expect(wheel.count == open.count, "\(random.replay)")
    }
}
