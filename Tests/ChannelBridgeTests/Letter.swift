import Testing

@testable import docket_channel_bridge

/// A mail of a test.
enum Letter {
    /// The bytes of a mail with these header fields and this body, lines as a server stores them.
    static func bytes(_ header: String, _ body: String = "Hello") -> [UInt8] {
        Array((header + "\n\n" + body + "\n").utf8)
    }

    /// A mail with the fields that every test needs, and others.
    static func mail(
        _ fields: String = "",
        body: String = "Hello"
    ) throws -> ReceivedMail {
        let header = [
            "From: Ana <ana@example.org>", "To: desk@example.net", "Subject: Lamp",
            "Message-ID: <1@example.org>",
        ].filter { line in
            !fields.lowercased().contains(line.split(separator: ":")[0].lowercased() + ":")
        }
        let all = header + (fields.isEmpty ? [] : [fields])
        return try received(bytes(all.joined(separator: "\n"), body))
    }

    /// The mail that some bytes are.
    static func received(_ bytes: [UInt8]) throws -> ReceivedMail {
        try ReceivedMail(try MailReader.read(bytes))
    }

    /// A mail of parts, each with its header and body.
    static func multipart(_ parts: [String], as kind: String = "mixed") -> String {
        let body = parts.map { "--b0\n\($0)\n" }.joined() + "--b0--"
        return "From: ana@example.org\nMIME-Version: 1.0\n"
            + "Content-Type: multipart/\(kind); boundary=b0\n\n\(body)\n"
    }
}
