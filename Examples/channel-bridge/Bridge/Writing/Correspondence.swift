/// What the bridge remembers of a mail that it took in, to answer it in its thread.
struct Correspondence: Hashable, Sendable, Codable {
    /// The mail's Message-ID.
    var name: MessageName
    /// The mails before it, the oldest first.
    var references: [MessageName]
    /// Its subject.
    var subject: String
    /// To whom an answer goes.
    var recipients: [Mailbox]
    /// Whether a program may answer it.
    var mayBeAnsweredByProgram: Bool
    /// What tells it from another mail that has its Message-ID, as hexadecimal digits.
    var digest: String

    /// The most references that are remembered: the first, which began the thread, and the last.
    static let mostReferences = 40

    /// What there is to remember of a mail.
    init(of mail: ReceivedMail) {
        name = mail.name
        references = Self.kept(mail.references)
        subject = mail.subject
        recipients = mail.replyTo
        mayBeAnsweredByProgram = mail.nature.mayBeAnsweredByProgram
        digest = mail.digest
    }

    /// Where an answer stands in the thread: after the mail's references comes the mail itself
    /// (RFC 5322, section 3.6.4).
    var referencesOfAnswer: [MessageName] {
        Self.kept(references.filter { $0 != name } + [name])
    }

    private static func kept(_ names: [MessageName]) -> [MessageName] {
        guard names.count > mostReferences, let first = names.first else { return names }
        return [first] + names.suffix(mostReferences - 1)
    }
}
