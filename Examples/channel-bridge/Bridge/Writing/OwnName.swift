internal import DocketClient

/// The Message-IDs that the bridge gives: the message's id at the domain of the desk's address.
///
/// Whoever answers such a mail names the message, so that the thread is known again even where
/// everything that the bridge remembers is lost.
struct OwnName: Hashable, Sendable {
    /// The domain of the desk's address.
    let domain: String

    /// Names for the mails from an address.
    init(for own: Mailbox) {
        domain = own.address.split(separator: "@").last.map(String.init) ?? own.address
    }

    private static let beginning = "docket."

    /// The name of the mail that brings a message.
    func name(of message: MessageID) -> MessageName {
        MessageName("\(Self.beginning)\(message)@\(domain)")
    }

    /// The message that a mail of this name has brought; nil for other names.
    func message(in name: MessageName) -> MessageID? {
        let parts = name.text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].lowercased() == domain.lowercased(),
            parts[0].hasPrefix(Self.beginning)
        else { return nil }
        return MessageID(String(parts[0].dropFirst(Self.beginning.count)))
    }
}
