import DocketCommandLine
import DocketTerminal
import Testing

@testable import docket_ticket_push

@Suite("A push tells how far it is and how it ends")
struct ProgressTests {
    @Test("Rate and remaining time are those of the last seconds")
    func line() {
        var progress = Progress(of: 40_000)
        #expect(progress.line(refused: 0) == "0 rows, 0 %")
        progress.note(rows: 1_000, bytes: 10_000, at: .seconds(1))
        #expect(progress.line(refused: 0) == "1,000 rows, 1,000/s, 25 %, 3 s left")
        // What was there already went fast; what is new goes at a tenth of it.
        for second in 2...21 {
            progress.note(
                rows: 1_000 + second * 100,
                bytes: 10_000 + second * 1_000,
                at: .seconds(second)
            )
        }
        #expect(progress.rate == 100)
        #expect(progress.line(refused: 7) == "3,100 rows, 100/s, 7 refused, 77 %, 9 s left")
    }

    @Test(
        "Where the size is not known there is a rate alone, and a file that grows is never beyond"
    )
    func unknown() {
        var pipe = Progress(of: nil)
        pipe.note(rows: 10, bytes: 900, at: .milliseconds(500))
        #expect(pipe.line(refused: 0) == "10 rows, 20/s")
        var grown = Progress(of: 100)
        grown.note(rows: 10, bytes: 900, at: .seconds(1))
        #expect(grown.line(refused: 0) == "10 rows, 10/s, 100 %, 0 s left")
        var empty = Progress(of: 0)
        empty.note(rows: 0, bytes: 0, at: .zero)
        #expect(empty.line(refused: 0) == "0 rows")
    }

    @Test("Long times are told in greater units")
    func units() {
        #expect(
            [0.2, 119, 120, 7_199, 7_200, 1e300].map(Progress.words) == [
                "1 s", "119 s", "2 min", "119 min", "2 h", "0 s",
            ]
        )
    }

    @Test("The status tells whether all, some or none are there")
    func statuses() {
        #expect(Tally().status == .done)
        #expect(Tally(opened: 1, known: 1).status == .done)
        #expect(Tally(opened: 1, refused: 1).status == .partlyDone)
        #expect(Tally(known: 1, refused: 1).status == .partlyDone)
        #expect(Tally(refused: 1).status == .refused)
        #expect(Tally(opened: 1, refused: 1, unsettled: 1).status == .unconfirmed)
        let tally = Tally(opened: 1_234_567, known: 12, refused: 3, unsettled: 1)
        #expect(
            tally.summary(isCheck: false).plainText
                == "1,234,583 rows: 1,234,567 opened, 12 there before, 3 refused, "
                + "1 without a verdict"
        )
        #expect(
            Tally(opened: 2).summary(isCheck: true).plainText
                == "2 rows: 2 can be pushed, 0 cannot"
        )
    }
}
