/// What became of an attempt to deliver a mail.
struct DeliveryVerdict: Hashable, Sendable {
    /// What became of it for one recipient.
    enum Fate: Hashable, Sendable {
        /// The server has taken it over.
        case accepted
        /// Not this time: it is to be tried again.
        case later(String)
        /// Never: the server has refused it for good.
        case refused(String)
    }

    /// The recipients, each with what became of it.
    var fates: [String: Fate]

    /// Judges an attempt.
    ///
    /// A reply that concerns the mail decides; one that concerns the connection, the login or the
    /// server's health never condemns a mail. Where the content went out and no reply came back,
    /// the server may have it: it is sent again, under the same Message-ID.
    ///
    /// - Parameters:
    ///   - addresses: The recipients of the attempt.
    ///   - dialogue: What was said.
    ///   - problem: Why the dialogue broke off; nil where it went to its end.
    init(for addresses: [String], after dialogue: SMTPDialogue, problem: String?) {
        let common = Self.common(dialogue, problem)
        fates = Dictionary(
            addresses.enumerated().map { index, address in
                guard index < dialogue.recipients.count, !dialogue.recipients[index].isPositive
                else { return (address, common) }
                return (address, Self.negative(dialogue.recipients[index]))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What became of the mail for those whom the server accepted as recipients.
    private static func common(_ dialogue: SMTPDialogue, _ problem: String?) -> Fate {
        if let content = dialogue.content {
            return content.isPositive ? .accepted : negative(content)
        }
        if let sender = dialogue.sender, !sender.isPositive { return negative(sender) }
        // Without a recipient the server refuses the content: then the recipients' replies say why.
        if let data = dialogue.data, !data.isPositive { return negative(data) }
        if let opening = dialogue.opening { return .later("the server says: \(opening)") }
        return .later(problem ?? "the server ended the connection without a reply")
    }

    private static func negative(_ reply: SMTPDialogue.Reply) -> Fate {
        // 421 closes the connection, whatever was asked.
        reply.isPermanent ? .refused("\(reply)") : .later("\(reply)")
    }

    /// Those for whom the server has taken the mail over.
    var accepted: [String] { fates.filter { $0.value == .accepted }.map(\.key).sorted() }

    /// Those for whom it is to be tried again, and why.
    var postponed: [String: String] {
        fates.compactMapValues { if case .later(let reason) = $0 { reason } else { nil } }
    }

    /// Those whom the server has refused for good, and why.
    var refused: [String: String] {
        fates.compactMapValues { if case .refused(let reason) = $0 { reason } else { nil } }
    }
}
