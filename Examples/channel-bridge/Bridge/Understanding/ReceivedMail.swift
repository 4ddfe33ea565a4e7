internal import DocketClient

/// A mail as the bridge understands it.
struct ReceivedMail: Hashable, Sendable {
    /// Its Message-ID, or one made from its content where it has none that can be used.
    var name: MessageName
    /// Whom it is from.
    var sender: Mailbox
    /// To whom an answer goes.
    var replyTo: [Mailbox]
    /// The subject as it stands; may be empty.
    var subject: String
    /// The mails before it in its thread, the nearest first.
    var earlier: [MessageName]
    /// The mails before it in the order of the References field, for an answer's.
    var references: [MessageName]
    /// When it was written, by its own word.
    var date: Timestamp?
    /// What a reader sees.
    var body: MailBody
    /// Whether a person wrote it.
    var nature: MailNature

    /// The domain of names that are made for mails without one: it is nobody's (RFC 2606).
    private static let namelessDomain = "digest.invalid"
    /// The most earlier mails that are looked for: the desk takes no more.
    static let mostEarlier = 32
    /// The longest address of a sender, in bytes: the desk's limit for a contact's id.
    static let longestAddress = 256
    /// The most addresses that an answer goes to: a Reply-To of more is a mailing list.
    static let mostRecipients = 10

    /// Judges a mail.
    ///
    /// - Parameter mail: The mail, taken apart.
    /// - Throws: `noSender` and `senderTooLong`.
    init(_ mail: RawMail) throws(MailFault) {
        let sender = try Self.sender(of: mail)
        self.sender = sender
        let answers = mail.field("reply-to").map { Mailbox.all(in: $0.raw) } ?? []
        replyTo = answers.isEmpty ? [sender] : Array(answers.prefix(Self.mostRecipients))
        subject = OneLine.text(from: mail.field("subject")?.decoded ?? "")
        name = Self.name(of: mail)
        references = Self.names("references", in: mail)
        let answered = Self.names("in-reply-to", in: mail)
        var seen: Set<MessageName> = [name]
        earlier = Array(
            (answered + references.reversed()).filter { seen.insert($0).inserted }
                .prefix(Self.mostEarlier)
        )
        if references.isEmpty { references = answered }
        date = mail.field("date").flatMap { MailDate.moment(in: $0.raw) }
        body = MailBody(mail.parts)
        nature = MailNature(of: mail, from: sender)
    }

    /// Where a sender may stand, the best place first.
    private static let places = ["from", "sender", "reply-to", "return-path"]

    private static func sender(of mail: RawMail) throws(MailFault) -> Mailbox {
        for place in places {
            let found = mail.field(place).flatMap { Mailbox.all(in: $0.raw).first }
            guard let found else { continue }
            guard found.address.utf8.count <= longestAddress else {
                throw .senderTooLong(limit: longestAddress)
            }
            return found
        }
        throw .noSender
    }

    private static func name(of mail: RawMail) -> MessageName {
        names("message-id", in: mail).first
            ?? MessageName("\(mail.digest)@\(namelessDomain)")
    }

    /// SHA-256 of what a reader sees of the mail, as hexadecimal digits.
    ///
    /// Two copies of a mail that came on different ways have the same one; two mails to which a
    /// careless program gave one Message-ID do not.
    var digest: String {
        var bytes = Array("\(sender.key)\n\(subject)\n\(body.text)\n".utf8)
        for file in body.files {
            bytes += Array("\(file.name)\n\(MailReader.digest(of: file.bytes))\n".utf8)
        }
        return MailReader.digest(of: bytes)
    }

    /// The name of a mail whose own name belongs to another one.
    var nameOfItsOwn: MessageName { MessageName("\(digest)@\(Self.namelessDomain)") }

    private static func names(_ field: String, in mail: RawMail) -> [MessageName] {
        mail.field(field).map { MessageName.all(in: $0.raw) } ?? []
    }
}
