import DocketCommandLine
import DocketTerminal
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("Every failure has its status and says what to do")
struct FailureTests {
    @Test(
        "Errors of the client library end with their status",
        arguments: [
            (.unreachable, .unreachable), (.outcomeUnknown, .unconfirmed),
            (.needsLogin, .notSignedIn), (.refused, .refused), (.resyncRequired, .refused),
            (.incompatible, .incompatible), (.invalidInput, .usage), (.cancelled, .interrupted),
            (.closed, .interrupted),
        ] as [(DocketClientError.Code, DocketCommandLine.ExitStatus)]
    )
    func statuses(code: DocketClientError.Code, status: DocketCommandLine.ExitStatus) {
        #expect(CommandFailure(DocketClientError(code, "why")).status == status)
    }

    @Test("Errors of the client library and of standard input say how a command ends")
    func endings() {
        let refused = DocketClientError(.unreachable, "why")
        #expect(CommandFailure(endingWith: refused) == CommandFailure(refused))
        let fault = StandardInput.Fault.notUTF8
        #expect(CommandFailure(endingWith: fault)?.advice.contains("iconv") == true)
    }

    @Test("What does not exist ends with 5 and names the next command")
    func notFound() {
        let refusal = Refusal(reason: "not_found", message: "", particulars: "")
        let failure = CommandFailure(DocketClientError(.refused, "not_found", refusal: refusal))
        #expect(failure.status.rawValue == 5)
        #expect(failure.lines(program: "docket").map(\.plainText).count == 2)
        #expect(failure.advice.contains("docket queue --all"))
    }

    @Test("A number that no request has is named")
    func unknownNumber() {
        let refusal = Refusal(reason: "not_found", message: "not found", particulars: "")
        let error = DocketClientError(.refused, "not_found: not found", refusal: refusal)
        let failure = CommandFailure(error.about(request: 99))
        #expect(failure.message == "There is no request 99" && failure.status == .notFound)
        let other = DocketClientError(.unreachable, "nobody listens")
        #expect(other.about(request: 99).message == "nobody listens")
    }

    @Test("A missing right is told as one, with what to type")
    func missingRight() {
        let refusal = Refusal(
            reason: "not_found",
            message: "there is no such method for this caller",
            particulars: ""
        )
        let failure = CommandFailure(DocketClientError(.refused, "not_found", refusal: refusal))
        #expect(failure.message == "Only an administrator may do this.")
        #expect(failure.advice.hasPrefix("Add --as administrator"))
        #expect(failure.status == .refused)
    }

    @Test("A refusal names what the server named")
    func particulars() {
        let advice = "It can go to: open, closed"
        for (named, isNamed) in [("open,closed", true), ("", false)] {
            let refusal = Refusal(reason: "invalid_transition", message: "", particulars: named)
            let error = DocketClientError(.refused, "", refusal: refusal)
            #expect((CommandFailure(error, about: 12).advice == advice) == isNamed)
        }
    }

    @Test("What is missing is filled in by the command that was typed, or before it")
    func missing() {
        let missing = MissingFields(["title", "topic", "a"])
        let options = "--title TEXT --topic KEY --field a=VALUE"
        #expect(missing.advice(after: .create) == "Add to the command: \(options)")
        #expect(
            missing.advice(after: .finish(status: "closed"), about: 12)
                == "Type: docket finish 12 --status closed \(options)"
        )
        #expect(missing.advice(after: .other) == "Type: docket request set NUMBER \(options)")
        #expect(
            MissingFields(["reason"]).advice(
                after: .status("waiting", hasReason: false),
                about: 12
            ) == "Type: docket request status 12 waiting --reason TEXT"
        )
        #expect(
            MissingFields(["wake_at", "type"]).advice(
                after: .status("snoozed", hasReason: true),
                about: 12
            ) == """
                Type: docket request set 12 --type KEY
                Then: docket request postpone 12 --until 2h --status snoozed --reason TEXT
                """
        )
        #expect(MissingFields([]).advice(after: .finish(status: nil), about: 12) == "")
        #expect(MissingFields(["reason"]).advice(after: .other, about: 12) == "")
    }

    @Test(
        "Whoever has sent too many files is told what makes room",
        arguments: ["too_many_unused_files", "too_many_uploads"]
    )
    func tooManyFiles(reason: String) {
        let refusal = Refusal(reason: reason, message: "", particulars: "64")
        let failure = CommandFailure(DocketClientError(.refused, "too many", refusal: refusal))
        #expect(failure.status == .refused)
        #expect(failure.advice.contains("or wait"))
    }

    @Test("A server that cannot be reached is one line")
    func unreachable() {
        let why = "cannot connect to 127.0.0.1:1: connection refused"
        let failure = CommandFailure(DocketClientError(.unreachable, why))
        #expect(failure.lines(program: "docket").map(\.plainText) == ["docket: \(why)"])
        #expect(failure.status.rawValue == 69)
    }

    @Test("A server's text in a failure cannot move the cursor")
    func hostile() {
        let failure = CommandFailure("\u{1B}[2J\nsecond", status: .refused)
        let lines = failure.lines(program: "docket").map(\.plainText)
        #expect(lines.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
    }

    @Test("Days and times are those of the calendar")
    func calendar() {
        let calendar = LocalCalendar.utc
        #expect(calendar.name(of: calendar.day(of: Samples.moment)) == "Tuesday, 4 March 2025")
        #expect(calendar.time(of: Samples.moment) == "14:03")
        #expect(LocalCalendar.rfc3339(Samples.moment) == "2025-03-04T14:03:20.456Z")
        let latest = Timestamp(millisecondsSinceEpoch: .max)
        #expect(LocalCalendar.rfc3339(latest).hasPrefix("9999-12-31T23:59:59."))
    }

    @Test("An advice names the request that it is about")
    func numbered() {
        let refusal = Refusal(reason: "not_assignee", message: "", particulars: "")
        let error = DocketClientError(.refused, "", refusal: refusal)
        #expect(CommandFailure(error, about: 7).advice.contains("docket take 7"))
        #expect(CommandFailure(error).advice.contains("docket take NUMBER"))
        #expect(CommandFailure(error).reason == "not_assignee")
    }
}
