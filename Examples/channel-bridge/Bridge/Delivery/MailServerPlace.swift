/// Where a mail server is, as an operator writes it.
struct MailServerPlace: Hashable, Sendable {
    /// The place as HOST:PORT, with an IPv6 address in brackets.
    let text: String
    private let host: String

    /// Reads HOST:PORT; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            let port = UInt16(text[text.index(after: colon)...]), port != 0
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
        } else {
            guard
                host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
                )
            else { return nil }
        }
        self.text = text
        self.host = host.lowercased()
    }

    /// Whether the place is this machine, so that nobody listens on the way.
    var isOfThisMachine: Bool {
        host == "localhost" || host == "::1" || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
    }
}
