import DocketCommandLine
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("A moment is written as a date or as a span")
struct MomentTextTests {
    private let now = Timestamp(millisecondsSinceEpoch: 1_000_000)

    private func milliseconds(_ text: String) -> UInt64? {
        MomentText(text)?.timestamp(at: now).millisecondsSinceEpoch
    }

    @Test(
        "A span is a whole number and a unit",
        arguments: [
            ("45s", 45), ("90m", 5_400), ("2h", 7_200), ("3d", 259_200), ("1w", 604_800),
            ("3650d", 315_360_000),
        ] as [(String, UInt64)]
    )
    func spans(text: String, seconds: UInt64) {
        #expect(milliseconds(text) == 1_000_000 + seconds * 1_000)
    }

    @Test(
        "What is no span of up to ten years is none",
        arguments: [
            "", "s", "0s", "-1h", "3651d", "1.5h", "2 h", "2y", "99999999999999999999d",
            "9223372036854775807w",
        ]
    )
    func noSpans(text: String) {
        #expect(MomentText(text) == nil)
    }

    @Test("A date with a zone is the same moment everywhere")
    func zones() {
        let moment: UInt64 = 1_741_097_000_000
        #expect(milliseconds("2025-03-04T14:03:20Z") == moment)
        #expect(milliseconds("2025-03-04T14:03:20.456Z") == moment)
        #expect(milliseconds("2025-03-04 16:03:20+02:00") == moment)
        #expect(milliseconds("2025-03-04T08:33:20-05:30") == moment)
        #expect(milliseconds("2025-03-04T14:03Z") == moment - 20_000)
    }

    @Test("A date without a zone is one of the machine's time")
    func local() throws {
        let noon = try #require(MomentText("2025-03-04T12:30")?.timestamp(at: now))
        #expect(LocalCalendar.current.stamp(of: noon) == "2025-03-04 12:30")
        let day = try #require(MomentText("2025-03-04")?.timestamp(at: now))
        #expect(LocalCalendar.current.stamp(of: day) == "2025-03-04 00:00")
    }

    @Test(
        "What no calendar has is refused",
        arguments: [
            "2025-02-29", "2025-13-01", "2025-00-01", "2025-01-00", "2025-01-32",
            "2025-01-01T24:00", "2025-01-01T10:60", "2025-01-01T10:00:60",
            "2025-01-01T10:00+24:00", "2025-01-01T", "2025-1-1", "20250101", "tomorrow",
            "1969-12-31T00:00Z", "2025-01-01T10:00Zx",
        ]
    )
    func noDates(text: String) {
        #expect(MomentText(text) == nil)
    }
}
