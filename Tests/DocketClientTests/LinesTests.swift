import Testing

@testable import DocketClient

@Suite("What stands in one line is taken one after the other")
struct LinesTests {
    private let now = ContinuousClock.now

    private func lines(_ elements: (String, String)...) -> Lines<String, String> {
        var lines = Lines<String, String>()
        for (line, element) in elements { lines.append(to: line) { _ in element } }
        return lines
    }

    private func taken(_ lines: inout Lines<String, String>) -> [String] {
        var taken: [String] = []
        while let next = lines.take(at: now) { taken.append(next.element) }
        return taken
    }

    @Test("The heads of all lines can be taken, and nothing behind them")
    func heads() {
        var lines = lines(("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"))
        #expect(taken(&lines) == ["1", "2", "4"])
        lines.remove(1)
        #expect(taken(&lines) == ["3"])
        #expect(lines.count == 3 && lines.oldest == "2")
        for position: UInt64 in [4, 2] { lines.remove(position) }
        #expect(lines.count == 1 && lines.oldest == "3")
    }

    @Test("One that is given back comes again before those behind it, not before its moment")
    func givingBack() {
        var lines = lines(("a", "1"), ("a", "2"))
        _ = lines.take(at: now)
        lines.giveBack(1, "1, once more", until: now + .seconds(5))
        #expect(lines.take(at: now) == nil)
        #expect(lines.nextMoment == now + .seconds(5))
        #expect(lines.take(at: now + .seconds(5))?.element == "1, once more")
        #expect(lines.nextMoment == nil)
    }

    @Test("One that is parked stops its line alone, and goes on when somebody says so")
    func parking() {
        var lines = lines(("a", "1"), ("a", "2"), ("b", "3"))
        _ = lines.take(at: now)
        lines.park(1, "parked")
        #expect(taken(&lines) == ["3"])
        #expect(lines.parked.map(\.element) == ["parked"])
        #expect(lines.parked.map(\.behind) == [1] && lines.parkedCount == 1)
        lines.resume(1, "1")
        #expect(taken(&lines) == ["1"] && lines.parkedCount == 0)
        lines.remove(1)
        #expect(taken(&lines) == ["2"])
    }

    @Test("One that is held is not taken before it is released, and holds its line")
    func holding() {
        var lines = Lines<String, String>()
        lines.append(to: "a", isHeld: true) { _ in "1" }
        lines.append(to: "a") { _ in "2" }
        #expect(taken(&lines).isEmpty)
        lines.release(1)
        #expect(taken(&lines) == ["1"])
    }

    @Test("A line that lost its parked head goes on with the next")
    func removingParked() {
        var lines = Lines<String, String>()
        lines.insert("1", at: 7, in: "a", isParked: true)
        lines.append(to: "a") { position in "\(position)" }
        #expect(taken(&lines).isEmpty)
        lines.remove(7)
        #expect(taken(&lines) == ["8"])
        lines.remove(8)
        #expect(lines.count == 0 && lines.oldest == nil && lines.parked.isEmpty)
    }
}
