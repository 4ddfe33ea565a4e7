/// What was said to a mail server and what it answered, line by line, and what that means.
struct SMTPDialogue: Hashable, Sendable {
    /// A reply of the server's.
    struct Reply: Hashable, Sendable {
        /// The code, 200 to 599.
        var code: Int
        /// The text of its last line, for a person.
        var text: String

        /// Whether the server has accepted.
        var isPositive: Bool { (200..<400).contains(code) }
        /// Whether it will never accept, whenever it is asked again.
        var isPermanent: Bool { (500..<600).contains(code) }
    }

    /// What was asked when a reply came.
    private enum Question: Hashable, Sendable {
        /// The greeting, and everything before the mail itself: names, TLS, the login.
        case beginning
        case sender
        case recipient
        case data
        /// The mail has been sent, and the server says whether it keeps it.
        case content
        /// The goodbye, after which nothing matters.
        case end
    }

    /// The longest text that is kept of a reply, in bytes.
    private static let longestText = 512

    private var question = Question.beginning
    /// The last reply before the mail itself, if it was negative.
    private(set) var opening: Reply?
    /// The reply to the sender's address.
    private(set) var sender: Reply?
    /// The replies to the recipients' addresses, in their order: the library may write an address
    /// otherwise than it was told to.
    private(set) var recipients: [Reply] = []
    /// Whether the server was ready for the content, or not.
    private(set) var data: Reply?
    /// The reply to the content.
    private(set) var content: Reply?

    /// Takes a line that was said to the server.
    mutating func said(_ line: String) {
        let upper = line.uppercased()
        if upper.hasPrefix("MAIL FROM:") {
            question = .sender
        } else if upper.hasPrefix("RCPT TO:") {
            question = .recipient
        } else if upper == "DATA" {
            question = .data
        } else if upper == "QUIT" {
            question = .end
        }
    }

    /// Takes a line that the server answered.
    mutating func heard(_ line: String) {
        let digits = line.utf8.prefix(3)
        guard digits.count == 3, let code = Int(String(line.prefix(3))), (200..<600) ~= code,
            line.dropFirst(3).first != "-"
        else { return }
        let words = OneLine.text(from: String(line.dropFirst(3)))
        let reply = Reply(
            code: code,
            text: OneLine.beginning(
                of: words.first == " " ? String(words.dropFirst()) : words,
                bytes: Self.longestText
            )
        )
        switch question {
        case .beginning: opening = reply.isPositive ? nil : reply
        case .sender: sender = reply
        case .recipient: recipients.append(reply)
        case .data:
            data = reply
            if reply.isPositive { question = .content }
        case .content: content = reply
        case .end: break
        }
    }
}

extension SMTPDialogue.Reply: CustomStringConvertible {
    /// The reply as the server gave it.
    var description: String { text.isEmpty ? "\(code)" : "\(code) \(text)" }
}
