/// The name of a mail in a Maildir, which begins with the moment at which it was delivered.
struct MaildirName: Hashable, Comparable, Sendable {
    /// The name as it stands.
    let text: String
    private let seconds: UInt64
    private let microseconds: UInt64

    /// Reads a name such as `1795950000.H52P1.mail`; one that is made otherwise sorts last.
    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        seconds = UInt64(parts[0]) ?? .max
        let second = parts.count > 1 ? parts[1] : ""
        // M comes from most programs, H from Exim.
        let mark = second.firstIndex { $0 == "M" || $0 == "H" }
        let digits = mark.map { second[second.index(after: $0)...].prefix(while: \.isNumber) }
        microseconds = digits.flatMap { UInt64($0) } ?? 0
    }

    /// Whether one was delivered before another.
    static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.microseconds, left.text)
            < (right.seconds, right.microseconds, right.text)
    }

    /// The name in `cur`: seen, as somebody has taken it in.
    var seen: String {
        let unflagged = text.split(separator: ":", maxSplits: 1).first.map(String.init) ?? text
        return unflagged + ":2,S"
    }
}
