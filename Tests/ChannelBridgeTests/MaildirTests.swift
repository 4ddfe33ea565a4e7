import DocketClient
import DocketCommandLine
import Foundation
import Testing

@testable import docket_channel_bridge

@Suite("Mails wait in a Maildir, and are kept")
final class MaildirTests {
    private let path = NSTemporaryDirectory() + "docket-maildir-\(UUID().uuidString)"

    init() throws {
        for folder in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(path)/\(folder)",
                withIntermediateDirectories: true
            )
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func deliver(_ text: String, as name: String) throws {
        try text.write(toFile: "\(path)/new/\(name)", atomically: false, encoding: .utf8)
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    @Test("Mails are taken in the order of their delivery")
    func order() throws {
        for name in [
            "200.H5P1.mail", "99.M9P1.mail", "200.H40P1.mail", "odd", "200.M4P9.mail", ".hidden",
        ] {
            try deliver("x", as: name)
        }
        let waiting = try Maildir(path).waiting().map(\.text)
        #expect(
            waiting == ["99.M9P1.mail", "200.M4P9.mail", "200.H5P1.mail", "200.H40P1.mail", "odd"]
        )
    }

    @Test("A mail that was taken in is among those that somebody has seen")
    func finish() throws {
        try deliver("x", as: "1.H1P1.mail")
        try deliver("y", as: "2.H1P1.mail:2,")
        let maildir = try Maildir(path)
        for name in try maildir.waiting() { try maildir.finish(name) }
        #expect(try names(in: "new").isEmpty)
        #expect(try names(in: "cur") == ["1.H1P1.mail:2,S", "2.H1P1.mail:2,S"])
    }

    @Test("A mail that is set aside stays whole, with the reason beside it")
    func refuse() throws {
        try deliver("poison", as: "1.mail")
        let maildir = try Maildir(path)
        let name = try #require(try maildir.waiting().first)
        try maildir.refuse(name, because: .tooDeep(limit: 50))
        #expect(try names(in: "new").isEmpty)
        #expect(try names(in: "docket/refused") == ["1.mail", "1.mail.reason"])
        let reason = try String(
            contentsOfFile: maildir.refusedFolder + "/1.mail.reason",
            encoding: .utf8
        )
        #expect(reason == "too_deep\nthe parts lie more than 50 deep in each other\n")
    }

    @Test("What is no file, or too large, is set aside and not waited for")
    func unreadable() throws {
        try deliver("12345", as: "1.mail")
        try FileManager.default.createDirectory(
            atPath: "\(path)/new/2.mail",
            withIntermediateDirectories: false
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/new/3.mail",
            withDestinationPath: "/etc/passwd"
        )
        #expect(mkfifo("\(path)/new/4.mail", 0o600) == 0)
        let maildir = try Maildir(path)
        var faults: [String] = []
        for name in try maildir.waiting() {
            do throws(MailFault) {
                _ = try maildir.read(name, atMost: 4)
            } catch {
                faults.append(error.code)
                try maildir.refuse(name, because: error)
            }
        }
        #expect(faults == ["too_large", "unreadable", "unreadable", "unreadable"])
        #expect(try names(in: "new").isEmpty)
    }

    @Test("A mail that somebody else has moved is nobody's fault")
    func gone() throws {
        #expect(try Maildir(path).read(MaildirName("1.mail"), atMost: 10) == nil)
    }

    @Test("A folder that is no Maildir says how to make one")
    func noMaildir() {
        do throws(CommandFailure) {
            _ = try Maildir(path + "/new")
            Issue.record("it is taken for one")
        } catch {
            #expect(error.status == .localFile)
            #expect(error.advice.contains("mkdir -p '\(path)/new'/cur"))
        }
    }

    @Test("What an answer needs survives, and what was changed by hand counts as lost")
    func records() throws {
        let records = try MailRecords(in: try Maildir(path).ownFolder)
        let message = MessageID()
        #expect(try records.correspondence(message) == nil)
        let mail = Correspondence(of: try Letter.mail("References: <a@x>\nSubject: Grüße"))
        try records.keep(mail, of: message)
        let again = try MailRecords(in: try Maildir(path).ownFolder)
        #expect(try again.correspondence(message) == mail)
        #expect(try records.recipients(message) == [])
        let room = try records.reserve(for: ["a@b.org", "c@d.org"], of: message)
        #expect(try records.recipients(message) == [])
        try records.keep(["a@b.org"], in: room)
        #expect(try records.recipients(message) == ["a@b.org"])
        let all = try records.reserve(for: ["a@b.org", "c@d.org"], of: message)
        #expect(try records.recipients(message) == ["a@b.org"])
        try records.keep(["a@b.org", "c@d.org"], in: all)
        #expect(try records.recipients(message) == ["a@b.org", "c@d.org"])
        _ = try records.reserve(for: ["a@b.org"], of: message)
        try "junk".write(
            toFile: "\(path)/docket/sending/\(message)",
            atomically: false,
            encoding: .utf8
        )
        #expect(try records.recipients(message) == [])
        try records.forgetRecipients(message)
        try records.forgetRecipients(message)
        #expect(try names(in: "docket/sending").isEmpty)
    }

    @Test("Mails beyond an age or a number are forgotten, the oldest first")
    func sweep() throws {
        let records = try MailRecords(in: try Maildir(path).ownFolder)
        let mail = Correspondence(of: try Letter.mail())
        let day = 86_400
        // Ids that lie in one folder.
        let messages = try (1...5).map { day in
            try #require(MessageID("0197f3c0-0000-7000-8000-00000000\(day)0ab"))
        }
        for (index, message) in messages.enumerated() {
            try records.keep(mail, of: message)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(index * day))],
                ofItemAtPath: "\(path)/docket/threads/ab/\(message)"
            )
        }
        func left() throws -> [Int] {
            try messages.indices.filter { try records.correspondence(messages[$0]) != nil }
        }
        let now = Timestamp(millisecondsSinceEpoch: UInt64(6 * day * 1_000))
        var limits = MailRecords.Limits(age: .seconds(6 * day), mailsInFolder: 5)
        #expect(try records.sweep(limits, at: now) == 0)
        limits.mailsInFolder = 4
        #expect(try records.sweep(limits, at: now) == 1)
        #expect(try left() == [1, 2, 3, 4])
        limits.age = .seconds(3 * day)
        #expect(try records.sweep(limits, at: now) == 2)
        #expect(try left() == [3, 4])
        #expect(try records.sweep(at: now) == 0)
    }
}
