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

    private func probe(milliseconds: Int) -> Probe {
        Probe(due: origin + .milliseconds(milliseconds))
    }

    @Test("A deadline comes when its time has come, and not before")
    func border() {
        let deadline = probe(milliseconds: 20)
        var wheel = wheel([deadline])
        #expect(wheel.advance(to: origin + .milliseconds(19)).isEmpty)
        #expect(wheel.advance(to: origin + .milliseconds(20)).first === deadline)
        #expect(wheel.count == 0)
    }

    @Test("A deadline within a tick comes with the next one, not a round later")
    func withinTick() {
        let deadline = probe(milliseconds: 18)
        var wheel = wheel([deadline])
        #expect(wheel.advance(to: origin + .milliseconds(15)).isEmpty)
        #expect(wheel.advance(to: origin + .milliseconds(20)).first === deadline)
    }

    @Test("A deadline that is past when it is set comes with the next tick")
    func past() {
        var wheel = DeadlineWheel(now: origin)
        _ = wheel.advance(to: origin + .seconds(1))
        let deadline = probe(milliseconds: 5)
        wheel.insert(deadline, due: deadline.due)
        #expect(wheel.advance(to: origin + .milliseconds(1_010)).first === deadline)
    }

    @Test("A deadline that was taken back never comes, whatever its place in the row")
    func takenBack() {
        for position in 0..<3 {
            let probes = (0..<3).map { _ in probe(milliseconds: 10) }
            var wheel = wheel(probes)
            wheel.remove(probes[position])
            wheel.remove(probes[position])
            #expect(wheel.count == 2)
            let expired = wheel.advance(to: origin + .milliseconds(10))
            #expect(expired.count == 2)
            #expect(!expired.contains { $0 === probes[position] })
        }
    }

    @Test("Deadlines of one place but later rounds stay")
    func rounds() {
        let near = probe(milliseconds: 10)
        let far = probe(milliseconds: 10 + 1_024 * 10)
        var wheel = wheel([near, far])
        #expect(
            wheel.advance(to: origin + .milliseconds(10)).map(ObjectIdentifier.init) == [
                ObjectIdentifier(near)
            ]
        )
        #expect(wheel.advance(to: origin + .milliseconds(10_249)).isEmpty)
        #expect(wheel.advance(to: origin + .milliseconds(10_250)).first === far)
    }

    @Test("After a long pause everything that is due comes at once")
    func pause() {
        let probes = stride(from: 0, to: 30_000, by: 37).map { probe(milliseconds: $0) }
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
