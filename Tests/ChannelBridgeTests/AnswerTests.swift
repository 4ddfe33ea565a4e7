import DocketClient
import DocketTestSupport
import Testing

@testable import docket_channel_bridge

@Suite("An answer becomes a mail")
struct AnswerTests {
    private static let own = Mailbox(name: "Lamp desk", address: "desk@example.net")
    private static let message = MessageID("0197f3c0-0000-7000-8000-000000000001")

    private static func answer(
        to mail: ReceivedMail?,
        text: String = "We are on our way.",
        isAutomatic: Bool = false
    ) throws -> Answer {
        Answer(
            message: try #require(message),
            at: Timestamp(millisecondsSinceEpoch: 1_795_950_000_000),
            text: text,
            isAutomatic: isAutomatic,
            contact: Mailbox(name: "Ana", address: "ana@example.org"),
            title: "Lamp 3 is out",
            answered: mail.map(Correspondence.init)
        )
    }

    private static func mail(_ answer: Answer) throws -> OutgoingMail {
        let name = OwnName(for: own).name(of: answer.message)
        guard case .send(let mail) = answer.decision(from: own, as: name) else {
            throw Unsent()
        }
        return mail
    }

    private struct Unsent: Error {}

    private static func text(_ mail: OutgoingMail) -> String {
        String(decoding: mail.encoded, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    @Test("An answer stands in the thread of the mail that it answers")
    func thread() throws {
        let mail = try Letter.mail("Subject: Lamp\nReferences: <a@x> <b@x>")
        let answer = try Self.mail(try Self.answer(to: mail))
        #expect(answer.subject == "Re: Lamp")
        #expect(answer.answered == MessageName("1@example.org"))
        #expect(answer.references.map(\.text) == ["a@x", "b@x", "1@example.org"])
        #expect(answer.recipients == [Mailbox(name: "Ana", address: "ana@example.org")])
        try GoldenText("answer.eml").expect(Self.text(answer))
    }

    @Test("Letters, long lines, dots and files come back as they went")
    func roundTrip() throws {
        let text = """
            Grüße 👩‍👩‍👧 日本
            .
            ..dots
            From here on
            \(String(repeating: "long ", count: 400))end
            """
        var mail = try Self.mail(try Self.answer(to: try Letter.mail(), text: text))
        mail.subject = "Re: " + String(repeating: "Größe ", count: 40) + "end"
        mail.recipients = [Mailbox(name: "Müller, \"Bo\" <x>", address: "bo@example.org")]
        let bytes = (0...255).map(UInt8.init)
        mail.files = [
            .init(name: "résumé \"1\".bin", mediaType: "application/octet-stream", bytes: bytes),
            .init(name: "empty.txt", mediaType: "text/plain", bytes: []),
        ]
        let encoded = mail.encoded
        #expect(encoded == mail.encoded)
        #expect(encoded.split(separator: UInt8(ascii: "\n")).allSatisfy { $0.count <= 998 })
        #expect(encoded.allSatisfy { $0 < 0x80 })
        let raw = try MailReader.read(encoded)
        let back = try ReceivedMail(raw)
        #expect(back.name == mail.name)
        #expect(back.subject == mail.subject)
        #expect(back.body.text == text)
        #expect(back.body.files.map(\.name) == ["résumé \"1\".bin", "empty.txt"])
        #expect(back.body.files.map(\.bytes) == [bytes, []])
        #expect(back.date == mail.date)
        #expect(Mailbox.all(in: try #require(raw.field("to")).raw) == mail.recipients)
    }

    @Test("What a rule wrote says so, and is never sent to a program")
    func automatic() throws {
        let person = try Letter.mail()
        let answer = try Self.mail(try Self.answer(to: person, isAutomatic: true))
        try GoldenText("automatic.eml").expect(Self.text(answer))
        let program = try Letter.mail("Auto-Submitted: auto-replied")
        let silent = try Self.answer(to: program, isAutomatic: true)
        let name = OwnName(for: Self.own).name(of: silent.message)
        #expect(silent.decision(from: Self.own, as: name) == .keepSilent)
        #expect(throws: Never.self) { try Self.mail(try Self.answer(to: program)) }
    }

    @Test("What a rule wrote goes to the contact alone, whomever the mail names")
    func automaticToContact() throws {
        let mail = try Letter.mail("Reply-To: bo@example.com, cy@example.com, ana@example.org")
        let contact = Mailbox(name: "Ana", address: "ana@example.org")
        let automatic = try Self.mail(try Self.answer(to: mail, isAutomatic: true))
        #expect(automatic.recipients == [contact])
        #expect(try Self.mail(try Self.answer(to: mail)).recipients.count == 3)
    }

    @Test("Where the desk writes first the title is the subject")
    func first() throws {
        let mail = try Self.mail(try Self.answer(to: nil))
        #expect(mail.subject == "Lamp 3 is out")
        #expect(mail.answered == nil)
        #expect(mail.references.isEmpty)
        var untitled = try Self.answer(to: nil)
        untitled.title = " \n"
        #expect(try Self.mail(untitled).subject == "Your request")
    }

    @Test("A subject that is an answer's already stays, and a long one is cut")
    func subjects() throws {
        let answered = try Letter.mail("Subject: RE: Lamp")
        #expect(try Self.mail(try Self.answer(to: answered)).subject == "RE: Lamp")
        let long = try Letter.mail("Subject: " + String(repeating: "lamp ", count: 1_000))
        #expect(try Self.mail(try Self.answer(to: long)).subject.utf8.count <= 300)
    }

    @Test("A long thread keeps its first name and its last")
    func references() throws {
        let names = (1...300).map { "<\($0)@x>" }.joined(separator: " ")
        let mail = try Letter.mail("References: \(names)")
        let references = try Self.mail(try Self.answer(to: mail)).references.map(\.text)
        #expect(references.count == 40)
        #expect(references.first == "1@x")
        #expect(references.suffix(2) == ["300@x", "1@example.org"])
    }

    @Test("The desk never writes to itself")
    func itself() throws {
        let mail = try Letter.mail("Reply-To: Desk@Example.net")
        let answer = try Self.answer(to: mail)
        let name = OwnName(for: Self.own).name(of: answer.message)
        guard case .refuse(let reason) = answer.decision(from: Self.own, as: name) else {
            Issue.record("it is sent")
            return
        }
        #expect(reason.contains("desk@example.net"))
        let both = try Letter.mail("Reply-To: desk@example.net, bo@example.org")
        let recipients = try Self.mail(try Self.answer(to: both)).recipients
        #expect(recipients.map(\.address) == ["bo@example.org"])
    }

    @Test("The desk's own names give their message back, and nobody else's do")
    func ownNames() throws {
        let names = OwnName(for: Self.own)
        let message = try #require(Self.message)
        #expect(names.message(in: names.name(of: message)) == message)
        for text in [
            "docket.\(message)@example.com", "\(message)@example.net", "docket.x@example.net",
            "docket.\(message)@example.net@example.net", "", "@",
        ] {
            #expect(names.message(in: MessageName(text)) == nil)
        }
    }

    @Test("Line breaks in a name or an address never make a header field")
    func injection() {
        let address = "a@b.org>\r\nBcc: x@y.org"
        #expect(Mailbox(reading: "Ana", address) == nil)
        let name = Mailbox(reading: "Ana\r\nBcc: x@y.org", "a@b.org")?.name
        #expect(name == "Ana Bcc: x@y.org")
    }
}
