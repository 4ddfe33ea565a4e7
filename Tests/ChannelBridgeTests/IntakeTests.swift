import DocketClient
import DocketTestSupport
import Testing

@testable import docket_channel_bridge

@Suite("The desk gets what it takes of a mail")
struct IntakeTests {
    @Test("Names are read from between their brackets, the nearest first, each once")
    func names() throws {
        let mail = try Letter.mail(
            """
            References: <a@x> junk <b@x>
             <c@x>
            In-Reply-To: Your message of Monday <c@x>
            """
        )
        #expect(mail.earlier.map(\.text) == ["c@x", "b@x", "a@x"])
        #expect(mail.references.map(\.text) == ["a@x", "b@x", "c@x"])
        #expect(MessageName.all(in: "<a@x><b@x> <> < c@x> <d").map(\.text) == ["a@x", "b@x"])
        let many = (1...500).map { "<\($0)@x>" }.joined(separator: " ")
        let long = try Letter.mail("References: \(many)")
        #expect(long.earlier.count == 32)
        #expect(long.earlier.first?.text == "500@x")
    }

    @Test("A mail that names itself is no answer to itself")
    func itself() throws {
        #expect(try Letter.mail("In-Reply-To: <1@example.org>").earlier.isEmpty)
    }

    @Test("A text that is too long is cut, and comes whole as a file")
    func longText() throws {
        let text = String(repeating: "é", count: 10_000)
        let mail = try Letter.mail("Content-Type: text/plain; charset=utf-8", body: text)
        let intake = Intake(of: mail)
        #expect(intake.text.utf8.count <= 16_384)
        #expect(intake.text.hasSuffix("é\n\n[The text goes on in mail.txt.]"))
        #expect(intake.files == [ReceivedFile(name: "mail.txt", bytes: Array(text.utf8))])
    }

    @Test("Files that are too many, too large or empty are named in the text")
    func omittedFiles() throws {
        var mail = try Letter.mail()
        mail.body.files = (1...12).map { ReceivedFile(name: "\($0).txt", bytes: [1, 2, 3]) }
        mail.body.files[0].bytes = []
        mail.body.files[1].bytes = [1, 2, 3, 4]
        var limits = Intake.Limits()
        limits.fileBytes = 3
        limits.files = 9
        let intake = Intake(of: mail, limits: limits)
        #expect(intake.files.map(\.name) == (3...11).map { "\($0).txt" })
        let notes = """
            [Left out: 1.txt, 0 bytes.]
            [Left out: 2.txt, 4 bytes.]
            [Left out: 12.txt, 3 bytes.]
            """
        #expect(intake.text == "Hello\n\n" + notes)
    }

    @Test("Notes about a thousand files leave room for the text")
    func manyNotes() throws {
        var mail = try Letter.mail()
        let name = String(repeating: "n", count: 200)
        mail.body.files = (1...1_000).map { _ in ReceivedFile(name: name, bytes: []) }
        let intake = Intake(of: mail)
        #expect(intake.text.hasPrefix("Hello\n\n[Left out: nnn"))
        #expect(intake.text.utf8.count <= 16_384)
    }

    @Test("A mail without text or subject says so, and one with files alone needs no text")
    func empty() throws {
        let mail = try Letter.received(Array("From: ana@example.org\n\n\n".utf8))
        #expect(Intake(of: mail).text == "(The mail has no text.)")
        #expect(Intake(of: mail).title == "(no subject)")
        #expect(Intake(of: mail).contactName == "ana@example.org")
        var withFile = mail
        withFile.body.files = [ReceivedFile(name: "a", bytes: [1])]
        #expect(Intake(of: withFile).text == "")
    }

    @Test("Names and titles are cut between characters")
    func cut() throws {
        let long = String(repeating: "🙂", count: 200)
        let mail = try Letter.mail("Subject: \(long)\nFrom: \"\(long)\" <ana@example.org>")
        let intake = Intake(of: mail)
        #expect(intake.title == String(repeating: "🙂", count: 64))
        #expect(intake.contactName == String(repeating: "🙂", count: 32))
        #expect(intake.contactKey == "ana@example.org")
    }

    @Test("Real mails are understood as they stand under review")
    func samples() throws {
        try GoldenText("cpython.txt").expect(
            try Sample.cpython.map { "== \($0.name)\n\($0.understanding)\n" }.joined()
        )
    }
}
