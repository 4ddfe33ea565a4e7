import Testing

@testable import docket_channel_bridge

@Suite("What a mail server says decides about a mail")
struct DeliveryVerdictTests {
    /// A dialogue, as lines that begin with C: or S:.
    private static func dialogue(_ lines: String...) -> SMTPDialogue {
        var dialogue = SMTPDialogue()
        for line in lines {
            let words = String(line.dropFirst(3))
            if line.hasPrefix("C:") { dialogue.said(words) } else { dialogue.heard(words) }
        }
        return dialogue
    }

    private static func verdict(
        _ dialogue: SMTPDialogue,
        for recipients: [String] = ["a@x.org"],
        problem: String? = nil
    ) -> DeliveryVerdict {
        DeliveryVerdict(for: recipients, after: dialogue, problem: problem)
    }

    @Test("A mail is accepted when the server has taken its content, and not before")
    func accepted() {
        let whole = Self.dialogue(
            "S: 220-hello",
            "S: 220 mail.x.org",
            "C: EHLO desk",
            "S: 250-SIZE",
            "S: 250 HELP",
            "C: MAIL FROM:<d@x.org>",
            "S: 250 OK",
            "C: RCPT TO:<a@x.org>",
            "S: 250 OK",
            "C: DATA",
            "S: 354 go on",
            "S: 250 OK id=1",
            "C: QUIT",
            "S: 221 bye"
        )
        #expect(Self.verdict(whole).fates == ["a@x.org": .accepted])
        let cut = Self.dialogue(
            "S: 220 mail",
            "C: MAIL FROM:<d@x.org>",
            "S: 250 OK",
            "C: RCPT TO:<a@x.org>",
            "S: 250 OK",
            "C: DATA",
            "S: 354 go on"
        )
        let fates = Self.verdict(cut, problem: "Timeout was reached").fates
        #expect(fates == ["a@x.org": .later("Timeout was reached")])
    }

    @Test("A refusal of the content is for good with 5xx, and for later with 4xx")
    func content() {
        for (reply, fate) in [
            ("554 5.7.1 spam", DeliveryVerdict.Fate.refused("554 5.7.1 spam")),
            ("451 try later", .later("451 try later")),
        ] {
            let dialogue = Self.dialogue(
                "S: 220 mail",
                "C: MAIL FROM:<d@x.org>",
                "S: 250 OK",
                "C: RCPT TO:<a@x.org>",
                "S: 250 OK",
                "C: DATA",
                "S: 354 go",
                "S: \(reply)"
            )
            #expect(Self.verdict(dialogue).fates == ["a@x.org": fate])
        }
    }

    @Test("Of two recipients one may be refused, and the other has the mail")
    func partial() {
        let dialogue = Self.dialogue(
            "S: 220 mail",
            "C: MAIL FROM:<d@x.org>",
            "S: 250 OK",
            "C: RCPT TO:<a@x.org>",
            "S: 550 no such user",
            "C: RCPT TO:<b@x.org>",
            "S: 250 OK",
            "C: DATA",
            "S: 354 go",
            "S: 250 OK"
        )
        let verdict = Self.verdict(dialogue, for: ["a@x.org", "b@x.org"])
        #expect(verdict.accepted == ["b@x.org"])
        #expect(verdict.refused == ["a@x.org": "550 no such user"])
        #expect(verdict.postponed.isEmpty)
    }

    @Test("What concerns the connection or the login condemns no mail")
    func beginning() {
        for lines in [
            Self.dialogue("S: 554 no service"), Self.dialogue("S: 421 busy"),
            Self.dialogue("S: 220 mail", "C: EHLO d", "S: 250 AUTH", "C: AUTH PLAIN", "S: 535 no"),
            Self.dialogue(),
        ] {
            #expect(Self.verdict(lines, problem: "x").refused.isEmpty)
            #expect(!Self.verdict(lines, problem: "x").postponed.isEmpty)
        }
    }

    @Test("A sender that is refused is refused for all")
    func sender() {
        let dialogue = Self.dialogue("S: 220 m", "C: MAIL FROM:<d@x.org>", "S: 552 too large")
        #expect(Self.verdict(dialogue).refused == ["a@x.org": "552 too large"])
    }

    @Test("What is no reply of SMTP is no reply", arguments: ["", "25", "999 x", "abc d", "-20 x"])
    func nonsense(line: String) {
        var dialogue = Self.dialogue("S: 220 m", "C: MAIL FROM:<d@x.org>")
        dialogue.heard(line)
        #expect(dialogue.sender == nil)
    }

    // MARK: Decisions

    private let patience = DeliveryPatience()

    private func decision(
        _ fates: [String: DeliveryVerdict.Fate],
        earlier: [String] = [],
        attempt: Int = 1,
        age: Duration = .zero
    ) -> DeliveryDecision {
        var verdict = Self.verdict(SMTPDialogue())
        verdict.fates = fates
        return patience.decision(verdict, earlier: earlier, attempt: attempt, age: age)
    }

    @Test("Waits double from half a minute up to an hour")
    func waits() {
        #expect(patience.wait(after: 0) == .seconds(30))
        #expect(
            [1, 2, 3, 7, 8, 9, 1_000_000].map(patience.wait(after:)) == [
                .seconds(30), .seconds(60), .seconds(120), .seconds(1_920), .seconds(3_600),
                .seconds(3_600), .seconds(3_600),
            ]
        )
    }

    @Test("Each outcome of an attempt has its decision")
    func decisions() {
        #expect(decision(["a": .accepted]) == .confirm(refused: [:]))
        #expect(decision(["a": .refused("550")]) == .fail("a: 550"))
        #expect(decision(["a": .later("451")]) == .retry(after: .seconds(30), "a: 451"))
        let partial = decision(["a": .accepted, "b": .refused("550")])
        #expect(partial == .confirm(refused: ["b": "550"]))
        let mixed = decision(["a": .accepted, "b": .later("451"), "c": .refused("550")])
        #expect(mixed == .retry(after: .seconds(30), "b: 451"))
        #expect(decision(["b": .refused("550")], earlier: ["a"]) == .confirm(refused: ["b": "550"]))
    }

    @Test("A mail that is five days old is given up, unless somebody has it")
    func givenUp() {
        let old = Duration.seconds(5 * 86_400)
        #expect(decision(["a": .later("451")], age: old) == .fail("given up: a: 451"))
        let partial = decision(["b": .later("451")], earlier: ["a"], age: old)
        #expect(partial == .confirm(refused: ["b": "451"]))
        let young = decision(["a": .later("451")], attempt: 40, age: old - .seconds(1))
        #expect(young == .retry(after: .seconds(3_600), "a: 451"))
    }
}
