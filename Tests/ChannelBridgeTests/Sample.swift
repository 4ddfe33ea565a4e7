import DocketClient
import Foundation

@testable import docket_channel_bridge

/// A mail that others collected.
struct Sample {
    /// The file's name.
    let name: String
    private let bytes: [UInt8]

    /// The mails of CPython's tests, in the order of their names.
    static var cpython: [Sample] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Samples/cpython")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return try names.filter { $0.hasPrefix("msg_") }.sorted().map {
                Sample(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
            }
        }
    }

    /// The longest beginning of a text that is shown, in characters.
    private static let shownText = 120

    /// What the bridge makes of it, for a person to review.
    var understanding: String {
        let mail: ReceivedMail
        do {
            mail = try ReceivedMail(try MailReader.read(bytes))
        } catch {
            return "set aside: \(error)"
        }
        let intake = Intake(of: mail)
        let text = intake.text.prefix(Self.shownText).replacing("\n", with: "|")
        var lines = [
            "name: \(mail.name.text)",
            "from: \(intake.contactName) <\(intake.contactKey)>",
            "title: \(intake.title)",
            "nature: \(mail.nature)",
            "sent: \(intake.sentAt.map { "\($0.millisecondsSinceEpoch / 1_000)" } ?? "-")",
            "earlier: \(intake.earlier.map(\.text))",
            "text: \(intake.text.utf8.count) bytes: \(text)",
        ]
        lines += intake.files.map { file in
            let digest = MailReader.digest(of: file.bytes).prefix(16)
            return "file: \(file.name), \(file.bytes.count) bytes, \(digest)"
        }
        return lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
