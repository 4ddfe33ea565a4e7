/// Whether a person wrote a mail, or a program sent it.
enum MailNature: Hashable, Sendable {
    /// Nothing says that it is not from a person.
    case personal
    /// A program sent it: a notice of absence, a newsletter, another desk. No program answers it
    /// (RFC 3834).
    case automatic
    /// It says that an earlier mail could not be delivered.
    case bounce(Bounce)

    /// Whether a program may answer it.
    var mayBeAnsweredByProgram: Bool { self == .personal }
}

extension MailNature {
    /// Values of Precedence that say that many get the same mail, or that a program wrote it.
    private static let massPrecedences: Set<String> = ["bulk", "junk", "list", "auto_reply"]
    /// Fields that programs which answer by themselves add, whatever their value.
    private static let programFields: Set<String> = [
        "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress",
        "x-mail-autoreply", "feedback-id",
    ]
    private static let listFields = "list-"

    /// Judges a mail.
    ///
    /// - Parameters:
    ///   - mail: The mail.
    ///   - sender: Whom it is from.
    init(of mail: RawMail, from sender: Mailbox?) {
        if let bounce = Bounce(mail) {
            self = .bounce(bounce)
        } else {
            self = Self.isAutomatic(mail, sender) ? .automatic : .personal
        }
    }

    private static func isAutomatic(_ mail: RawMail, _ sender: Mailbox?) -> Bool {
        if sender?.key.hasPrefix("mailer-daemon@") == true { return true }
        return mail.fields.contains { field in
            let name = field.name.lowercased()
            switch name {
            case "auto-submitted": return word(field.raw) != "no"
            case "precedence": return massPrecedences.contains(word(field.raw))
            case "return-path": return field.raw.filter { !$0.isWhitespace } == "<>"
            default: return programFields.contains(name) || name.hasPrefix(listFields)
            }
        }
    }

    /// The first word of a value, in lower case: what follows it is a parameter or a comment.
    private static func word(_ value: String) -> String {
        let first = value.split { $0.isWhitespace || $0 == ";" || $0 == "(" }.first ?? ""
        return first.lowercased()
    }
}
