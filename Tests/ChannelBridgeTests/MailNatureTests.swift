import Testing

@testable import docket_channel_bridge

@Suite("Programs' mails are told from people's")
struct MailNatureTests {
    @Test(
        "A mail that a program sent is never answered by one",
        arguments: [
            "Auto-Submitted: auto-replied", "auto-submitted: Auto-Generated (vacation)",
            "Auto-Submitted: auto-notified; owner-email=\"a@b\"", "Precedence: bulk",
            "Precedence: Junk", "Precedence: list", "List-Id: <a.b>",
            "List-Unsubscribe: <https://a.org>", "Return-Path: <>", "Return-Path: < >",
            "X-Autoreply: yes", "X-Autorespond: 1", "X-Auto-Response-Suppress: All",
            "From: MAILER-DAEMON@example.org",
        ]
    )
    func automatic(field: String) throws {
        let nature = try Letter.mail(field).nature
        #expect(nature == .automatic)
        #expect(!nature.mayBeAnsweredByProgram)
    }

    @Test(
        "A person's mail is a person's",
        arguments: [
            "Auto-Submitted: no", "Auto-Submitted: No (really)", "Precedence: first-class",
            "Return-Path: <ana@example.org>", "X-Mailer: list", "Listen: x",
        ]
    )
    func personal(field: String) throws {
        #expect(try Letter.mail(field).nature == .personal)
    }

    /// A report as Exim writes it.
    private static func report(action: String) -> [UInt8] {
        let text = Letter.multipart(
            [
                "Content-Type: text/plain\n\nA message that you sent could not be delivered.",
                """
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mail.example.net

                Action: \(action)
                Final-Recipient: rfc822;bo@example.org
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 no such
                 user here
                """,
                """
                Content-Type: message/rfc822

                From: desk@example.net
                Message-ID: <docket.1@example.net>
                To: bo@example.org

                Hello
                """,
            ],
            as: "report; report-type=delivery-status"
        )
        return Array(text.replacing("ana@example.org", with: "MAILER-DAEMON@b.org").utf8)
    }

    @Test("A bounce says which mail did not reach whom, and why")
    func bounce() throws {
        guard case .bounce(let bounce) = try Letter.received(Self.report(action: "failed")).nature
        else {
            Issue.record("it is no bounce")
            return
        }
        #expect(bounce.original == MessageName("docket.1@example.net"))
        #expect(bounce.recipient == "bo@example.org")
        #expect(bounce.diagnosis == "550 no such user here")
        #expect(bounce.isFinal)
    }

    @Test("A bounce comes to the request of its mail, from the one whom it did not reach")
    func bounceIntake() throws {
        let intake = Intake(of: try Letter.received(Self.report(action: "failed")))
        #expect(intake.contactKey == "bo@example.org")
        #expect(intake.earlier.first == MessageName("docket.1@example.net"))
        let notice = "A mail to bo@example.org could not be delivered: 550 no such user here"
        #expect(intake.text.hasPrefix(notice))
        let late = Intake(of: try Letter.received(Self.report(action: "delayed")))
        #expect(late.text.hasPrefix("A mail to bo@example.org is not delivered so far: 550"))
    }

    @Test("A report that names neither mail nor recipient is a mail of its sender")
    func poorBounce() throws {
        let text = Letter.multipart(["Content-Type: message/delivery-status\n\nStatus: 4"])
        let intake = Intake(of: try Letter.received(Array(text.utf8)))
        #expect(intake.contactKey == "ana@example.org")
        #expect(intake.earlier.isEmpty)
        #expect(intake.text == "A mail could not be delivered: 4")
    }
}
