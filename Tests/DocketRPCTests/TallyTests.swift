import DocketTestSupport
import InMemoryLogging
import Logging
import Testing

@testable import DocketRPC

@Suite("What strangers cause is logged in sums")
struct TallyTests {
    private let log = InMemoryLogHandler()
    private let clock = ManualClock()

    private func tally(level: Logger.Level = .info) -> Tally {
        let log = log
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = level
        let clock = clock
        return Tally(logger: logger, now: { clock.now })
    }

    private static func kind(_ number: Int = 0, level: Logger.Level = .notice) -> Tally.Kind {
        Tally.Kind("it", counter: "it_total", labels: ["number": "\(number)"], level: level)
    }

    private var counts: [String] { log.entries.compactMap { $0.metadata["count"] }.map { "\($0)" } }

    @Test("The first of a kind is logged at once, the rest as one line after ten seconds")
    func sums() {
        let tally = tally()
        for _ in 0..<10_000 { tally.add(Self.kind(), address: "192.0.2.1") }
        #expect(counts == ["1"])
        clock.advance(by: .milliseconds(9_999))
        tally.report()
        #expect(counts == ["1"])
        clock.advance(by: .milliseconds(1))
        tally.report()
        tally.report()
        #expect(counts == ["1", "9999"])
        #expect(log.entries.last?.metadata["address"] == "192.0.2.1")
        #expect(log.entries.last?.metadata["number"] == "0")
        #expect(tally.values.map(\.name) == ["it_total{number=\"0\"}"])
        #expect(tally.values.map(\.value) == [10_000])
    }

    @Test("What goes on for an hour is a line every ten seconds")
    func steadily() {
        let tally = tally()
        for _ in 0..<36_000 {
            tally.add(Self.kind())
            clock.advance(by: .milliseconds(100))
        }
        #expect(counts.count == 360)
    }

    @Test("Fifty lines in ten seconds are the most, and nothing is lost by that")
    func manyKinds() {
        let tally = tally()
        for number in 0..<120 { tally.add(Self.kind(number)) }
        #expect(counts.count == 50)
        for lines in [100, 120, 120] {
            clock.advance(by: Tally.interval)
            tally.report()
            #expect(counts.count == lines)
        }
        #expect(counts.allSatisfy { $0 == "1" })
    }

    @Test("What is less severe than what is logged is counted alone")
    func level() {
        let tally = tally()
        tally.add(Self.kind(level: .debug))
        #expect(log.entries.isEmpty)
        #expect(tally.values.map(\.value) == [1])
    }

    @Test("What was not told is told when the reporting ends")
    func last() async {
        let tally = tally()
        for _ in 0..<3 { tally.add(Self.kind()) }
        let task = Task { await tally.reportAll() }
        task.cancel()
        await task.value
        #expect(counts == ["1", "2"])
    }
}
