internal import DocketClient
internal import DocketTerminal

/// How tickets are told in lines.
enum TicketLine {
    /// How a ticket stands.
    static func status(
        _ name: String,
        of key: String,
        number: UInt64,
        title: String? = nil
    ) -> TerminalText {
        let key = TerminalText(untrusted: key, as: .field)
        let name = TerminalText(untrusted: name, as: .field)
        let line: TerminalText = "#\(number)  \(key)  \(name)"
        guard let title else { return line }
        return line + "  \(TerminalText(untrusted: title, as: .field))"
    }

    /// What somebody of the company said; nil for what the partner or its contact said.
    static func comment(
        _ message: Message,
        by author: Party?,
        on number: UInt64
    ) -> TerminalText? {
        guard let author, [.agent, .desk].contains(author.kind) else { return nil }
        let name = TerminalText(untrusted: author.name, as: .field)
        return "#\(number)  \(name): \(TerminalText(untrusted: message.text))"
    }
}
