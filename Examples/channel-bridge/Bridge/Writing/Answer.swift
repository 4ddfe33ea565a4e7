internal import DocketClient

/// What the desk says to somebody, and how it becomes a mail.
struct Answer: Hashable, Sendable {
    /// The message.
    var message: MessageID
    /// When it was written.
    var at: Timestamp
    /// The text.
    var text: String
    /// Whether a rule of the desk wrote it, and no person.
    var isAutomatic: Bool
    /// The contact, with the address as its id.
    var contact: Mailbox
    /// The title of the request, for a mail that answers none.
    var title: String
    /// The mail that it answers; nil where the desk writes first.
    var answered: Correspondence?

    /// What is to be done with it.
    enum Decision: Hashable, Sendable {
        /// It goes out as this mail; the files are to be added.
        case send(OutgoingMail)
        /// It is not sent: a program's answer to a program's mail never is (RFC 3834).
        case keepSilent
        /// It can never be sent, for this reason.
        case refuse(String)
    }

    /// The subject of a mail about nothing.
    static let noSubject = "Your request"
    /// The longest subject, in bytes: what the desk takes as a title, with what an answer adds.
    static let longestSubject = 300

    /// Decides what becomes of it.
    ///
    /// - Parameters:
    ///   - own: The desk's own address.
    ///   - name: The Message-ID that is reserved for it.
    /// - Returns: The mail, or why there is none.
    func decision(from own: Mailbox, as name: MessageName) -> Decision {
        if isAutomatic, answered?.mayBeAnsweredByProgram == false { return .keepSilent }
        // Whoever has a person answer them may name others; what no person sees must not write to
        // people whom a forged mail names (RFC 3834, section 4).
        let named = isAutomatic ? nil : answered?.recipients
        let recipients = (named ?? [contact]).filter { $0.key != own.key }
        guard !recipients.isEmpty else {
            return .refuse("the only recipient is \(own.address), the desk's own address")
        }
        return .send(
            OutgoingMail(
                name: name,
                sender: own,
                recipients: recipients,
                subject: subject,
                date: at,
                answered: answered?.name,
                references: answered?.referencesOfAnswer ?? [],
                isAutomatic: isAutomatic,
                text: text
            )
        )
    }

    private var subject: String {
        let told = OneLine.text(from: answered?.subject ?? title)
        let subject = told.isEmpty ? Self.noSubject : told
        let isAnswer = subject.prefix(3).lowercased() == "re:"
        return OneLine.beginning(
            of: answered == nil || isAnswer ? subject : "Re: " + subject,
            bytes: Self.longestSubject
        )
    }
}
