internal import DocketClient

/// What the desk gets of a mail.
struct Intake: Hashable, Sendable {
    /// What the desk takes.
    struct Limits: Hashable, Sendable {
        /// The longest text of a message, in bytes.
        var textBytes = 16_384
        /// The longest title, in bytes.
        var titleBytes = 256
        /// The longest name of a contact, in bytes.
        var nameBytes = 128
        /// The most files of a message.
        var files = 10
        /// The largest file, in bytes.
        var fileBytes = 25 << 20
    }

    /// The name under which the mail is known: the same mail again is the same message.
    var name: MessageName
    /// The contact's address, by which it is known again.
    var contactKey: String
    /// The contact's name, as agents see it.
    var contactName: String
    /// The text of the message.
    var text: String
    /// The title of the request, if it opens one.
    var title: String
    /// When the mail was written.
    var sentAt: Timestamp?
    /// The files.
    var files: [ReceivedFile]
    /// The mails before it, the nearest first.
    var earlier: [MessageName]

    private static let wholeText = "mail.txt"
    private static let noText = "(The mail has no text.)"
    static let noTitle = "(no subject)"

    /// Decides what the desk gets.
    ///
    /// What does not fit is never dropped in silence: a text that is too long comes whole as a
    /// file, and files that are too large or too many are named in the text.
    ///
    /// - Parameters:
    ///   - mail: The mail.
    ///   - limits: What the desk takes.
    init(of mail: ReceivedMail, limits: Limits = Limits()) {
        name = mail.name
        sentAt = mail.date
        title = OneLine.beginning(
            of: mail.subject.isEmpty ? Self.noTitle : mail.subject,
            bytes: limits.titleBytes
        )
        var (contact, earlier, text) = (mail.sender, mail.earlier, mail.body.text)
        if case .bounce(let bounce) = mail.nature {
            // It belongs to the one whom the mail did not reach, and to the request of that mail.
            if let recipient = bounce.recipient, bounce.original != nil,
                let mailbox = Mailbox(reading: "", recipient)
            {
                contact = mailbox
            }
            earlier = (bounce.original.map { [$0] } ?? []) + earlier
            text = bounce.notice + (text.isEmpty ? "" : "\n\n" + text)
        }
        contactKey = contact.key
        let shown = contact.name.isEmpty ? contact.address : contact.name
        contactName = OneLine.beginning(of: shown, bytes: limits.nameBytes)
        self.earlier = Array(earlier.prefix(ReceivedMail.mostEarlier))
        (self.text, files) = Self.fitted(text, mail.body.files, limits)
    }

    /// The text and the files as the desk takes them.
    private static func fitted(
        _ text: String,
        _ files: [ReceivedFile],
        _ limits: Limits
    ) -> (String, [ReceivedFile]) {
        let isTooLong = text.utf8.count > limits.textBytes
        let whole = isTooLong ? [ReceivedFile(name: wholeText, bytes: Array(text.utf8))] : []
        var (kept, omitted): ([ReceivedFile], [ReceivedFile]) = ([], [])
        for file in whole + files {
            // A file without content says nothing but its name.
            let fits = (1...limits.fileBytes).contains(file.bytes.count)
            if fits, kept.count < limits.files { kept.append(file) } else { omitted.append(file) }
        }
        var notes: [String] = []
        if isTooLong { notes.append("[The text goes on in \(wholeText).]") }
        notes += omitted.map { "[Left out: \($0.name), \($0.bytes.count) bytes.]" }
        let tail = OneLine.beginning(
            of: notes.joined(separator: "\n"),
            bytes: limits.textBytes / 2
        )
        guard !tail.isEmpty else { return (text.isEmpty && kept.isEmpty ? noText : text, kept) }
        let head = OneLine.beginning(of: text, bytes: limits.textBytes - tail.utf8.count - 2)
        return (head.isEmpty ? tail : head + "\n\n" + tail, kept)
    }
}

extension Bounce {
    /// What agents read about it.
    fileprivate var notice: String {
        let whom = recipient.map { " to \($0)" } ?? ""
        let why = diagnosis.map { ": \($0)" } ?? "."
        return isFinal
            ? "A mail\(whom) could not be delivered\(why)"
            : "A mail\(whom) is not delivered so far\(why)"
    }
}
