import DocketClient
import Testing

@testable import docket_channel_bridge

@Suite("A mail is taken apart")
struct MailReadingTests {
    @Test("Sender, subject, names and date come from their fields, whatever the case")
    func fields() throws {
        let mail = try Letter.received(
            Letter.bytes(
                """
                FROM: =?utf-8?q?Ana_Mar=C3=ADa?= <Ana@Example.ORG>
                subject: =?iso-8859-1?B?TGFtcGUga2FwdXR0LCBncvzfZQ==?=
                 and more
                message-id: <a.1@example.org>
                in-reply-to: <b@x> (yesterday)
                references: <c@x> <b@x>
                date: Sun, 29 Nov 2026 12:00:00 +0100
                """
            )
        )
        #expect(mail.sender == Mailbox(name: "Ana María", address: "Ana@example.org"))
        #expect(mail.sender.key == "ana@example.org")
        #expect(mail.subject == "Lampe kaputt, grüße and more")
        #expect(mail.name == MessageName("a.1@example.org"))
        #expect(mail.earlier == [MessageName("b@x"), MessageName("c@x")])
        #expect(mail.date == Timestamp(millisecondsSinceEpoch: 1_795_950_000_000))
        #expect(mail.body.text == "Hello")
        #expect(mail.nature == .personal)
    }

    @Test("A mail without a usable Message-ID has the same made name each time")
    func madeName() throws {
        let bytes = Letter.bytes("From: ana@example.org\nMessage-ID: none")
        let first = try Letter.received(bytes).name
        #expect(try Letter.received(bytes).name == first)
        #expect(first.text.hasSuffix("@digest.invalid"))
        let other = try Letter.received(Letter.bytes("From: ana@example.org", "Hello!")).name
        #expect(other != first)
        let long = String(repeating: "x", count: 2_000) + "@example.org"
        let name = try Letter.mail("Message-ID: <\(long)>").name
        #expect(name.text.utf8.count < 100)
    }

    @Test(
        "A mail without From is from its Sender, Reply-To or Return-Path",
        arguments: ["Sender", "Reply-To", "Return-Path"]
    )
    func withoutFrom(field: String) throws {
        let mail = try Letter.received(Letter.bytes("\(field): <ana@example.org>"))
        #expect(mail.sender.address == "ana@example.org")
    }

    @Test("A mail that says nowhere from whom it is, is set aside")
    func noSender() {
        for header in ["Subject: x", "From: nobody", "From: \nReturn-Path: <>", "From: a b@"] {
            #expect(throws: MailFault.noSender) { try Letter.received(Letter.bytes(header)) }
        }
        let long = String(repeating: "a", count: 250) + "@example.org"
        #expect(throws: MailFault.senderTooLong(limit: 256)) {
            try Letter.received(Letter.bytes("From: \(long)"))
        }
    }

    @Test("An answer goes to Reply-To where there is one, to at most ten addresses")
    func replyTo() throws {
        #expect(try Letter.mail().replyTo.map(\.address) == ["ana@example.org"])
        let two = try Letter.mail("Reply-To: Bo <bo@x.org>, team: cy@x.org;")
        #expect(two.replyTo.map(\.address) == ["bo@x.org", "cy@x.org"])
        let many = (1...40).map { "a\($0)@x.org" }.joined(separator: ", ")
        #expect(try Letter.mail("Reply-To: \(many)").replyTo.count == 10)
    }

    @Test("The plain version of a text is taken, and a page only where there is none")
    func alternatives() throws {
        let both = Letter.multipart(
            [
                "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>page</p>",
            ],
            as: "alternative"
        )
        let mail = try Letter.received(Array(both.utf8))
        #expect(mail.body == MailBody(text: "plain"))
        let page = Letter.multipart(
            ["Content-Type: text/html\n\n<p>one<p>two &amp; three"],
            as: "alternative"
        )
        #expect(try Letter.received(Array(page.utf8)).body.text == "one\ntwo & three")
    }

    @Test("Files keep their content, and lose the paths in their names")
    func files() throws {
        let disposition = "Content-Disposition: attachment; filename="
        let text = Letter.multipart([
            "Content-Type: text/plain\n\nsee",
            "Content-Type: image/png\n\(disposition)\"../../x\"\n"
                + "Content-Transfer-Encoding: base64\n\niVBORw==",
            "Content-Type: text/plain\n\(disposition)\"C:\\\\temp\\\\a.txt\"\n\nwords",
            "Content-Type: application/x; name=\"=?utf-8?q?gr=C3=BC=C3=9Fe.doc?=\"\n\n1",
            "Content-Type: application/x\n\(disposition)\"/etc/passwd\"\n\n2",
            "Content-Type: application/pdf\n\n3",
            "Content-Type: message/rfc822\n\nSubject: inner\n\ntext",
            "Content-Type: application/x\n\(disposition)\"...\"\n\n4",
        ])
        let body = try Letter.received(Array(text.utf8)).body
        #expect(body.text == "see")
        let names = [
            "x", "a.txt", "grüße.doc", "passwd", "document.pdf", "mail.eml", "attachment",
        ]
        #expect(body.files.map(\.name) == names)
        #expect(body.files[0].bytes == [0x89, 0x50, 0x4E, 0x47])
        #expect(String(decoding: body.files[1].bytes, as: UTF8.self) == "words")
        #expect(String(decoding: body.files[5].bytes, as: UTF8.self).contains("Subject: inner"))
    }

    @Test("A multipart whose boundary never comes keeps its text")
    func missingBoundary() throws {
        let mail = try Letter.mail(
            "Content-Type: multipart/mixed; boundary=zzz",
            body: "all that was written"
        )
        #expect(mail.body.text == "all that was written")
    }

    @Test("Control characters are no part of a text or a name")
    func controls() throws {
        let mail = try Letter.mail(
            "Subject: =?utf-8?q?a=0D=0ABcc:_b=E2=80=AEc?=",
            body: "one\u{1B}[31m\r\ntwo\u{7}\t!  \n\n"
        )
        #expect(mail.subject == "a Bcc: bc")
        #expect(mail.body.text == "one[31m\ntwo\t!")
    }

    // MARK: Bad input

    @Test("Nothing at all is no mail")
    func empty() {
        for bytes in [[], Array("\n\r\n ".utf8), [0, 0]] {
            #expect(throws: MailFault.empty) { try MailReader.read(bytes) }
        }
    }

    @Test("A mail with 10,000 Received fields is set aside")
    func manyFields() {
        let received = (1...10_000).map { "Received: from a\($0).example.org by b" }.joined(
            separator: "\n"
        )
        let bytes = Letter.bytes(received + "\nFrom: ana@example.org")
        #expect(throws: MailFault.headerTooLong(limit: 262_144)) { try MailReader.read(bytes) }
        var limits = MailLimits()
        limits.headerBytes = 1 << 30
        #expect(throws: MailFault.tooManyFields(limit: 500)) {
            try MailReader.read(bytes, limits: limits)
        }
    }

    @Test("Parts that lie deep in each other are set aside", arguments: [51, 200, 5_000, 60_000])
    func deep(depth: Int) {
        let opening = (1...depth).map {
            "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n"
        }.joined()
        let bytes = Array("From: ana@example.org\n\(opening)\n\nhello".utf8)
        #expect(throws: MailFault.tooDeep(limit: 50)) { try MailReader.read(bytes) }
    }

    @Test("Parts up to the limit are read")
    func notTooDeep() throws {
        let opening = (1..<50).map {
            "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n"
        }.joined()
        let bytes = Array("From: ana@example.org\n\(opening)\n\nhello".utf8)
        #expect(try Letter.received(bytes).body.text == "hello")
    }

    @Test("A mail with too many parts, and one that is too large, are set aside")
    func limits() {
        let parts = (0...500).map { "\nText \($0)" }
        #expect(throws: MailFault.tooManyParts(limit: 500)) {
            try MailReader.read(Array(Letter.multipart(parts).utf8))
        }
        var limits = MailLimits()
        limits.bytes = 20
        let bytes = Letter.bytes("From: ana@example.org")
        #expect(throws: MailFault.tooLarge(bytes.count, limit: 20)) {
            try MailReader.read(bytes, limits: limits)
        }
    }

    @Test("Bytes of chance never end the reader", arguments: 0..<64)
    func chance(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let words = [
            "From: ", "Content-Type: multipart/mixed; boundary=b", "\n--b", "\n\n", "=?utf-8?q?",
            "?=", "<", ">", "Content-Transfer-Encoding: base64\n", "\u{0}", "é", "--b--", ";",
            "message/rfc822", "text/html", "&#", "\r", "\t", "@", "\"",
        ]
        var text = "From: ana@example.org\n"
        for _ in 0..<400 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            text += words[Int(state % UInt64(words.count))]
        }
        let bytes = Array(text.utf8)
        let first = Result { try Letter.received(bytes) }.mapError { "\($0)" as TextError }
        let second = Result { try Letter.received(bytes) }.mapError { "\($0)" as TextError }
        #expect(first == second)
    }
}

/// An error as what it says, so that two can be compared.
private struct TextError: Error, Hashable, ExpressibleByStringInterpolation {
    let text: String
    init(stringLiteral value: String) { text = value }
}

extension MailBody {
    /// A body as a test expects it.
    fileprivate init(text: String, files: [ReceivedFile] = []) {
        self.init([])
        self.text = text
        self.files = files
    }
}
