internal import Foundation
internal import Synchronization

/// A mail server of this machine that keeps what it is given, for the scene with mails.
///
/// It says once that it has no time, as real ones do.
final class MailReceiver: Sendable {
    /// A mail that it has taken over.
    struct Mail: Sendable {
        /// To whom errors go, as MAIL FROM has it.
        let sender: String
        /// Who gets it, as RCPT TO has it.
        let recipients: [String]
        /// The whole mail, a line each.
        let lines: [String]

        /// The value of a header field, unfolded; nil where there is none.
        func field(_ name: String) -> String? {
            var value: String?
            for line in lines.prefix(while: { !$0.isEmpty }) {
                if let known = value {
                    guard line.first == " " || line.first == "\t" else { break }
                    value = known + " " + line.drop { $0 == " " || $0 == "\t" }
                } else if line.lowercased().hasPrefix(name.lowercased() + ":") {
                    value = String(line.dropFirst(name.count + 1).drop { $0 == " " })
                }
            }
            return value
        }

        /// What stands behind the header.
        var body: String {
            lines.drop { !$0.isEmpty }.dropFirst().joined(separator: "\n")
        }
    }

    private struct State {
        var mails: [Mail] = []
        var postponed = 0
    }

    /// The longest line that it takes, in bytes, and the longest mail, in lines.
    private static let (longestLine, mostLines) = (4_096, 10_000)

    private let state: Shared
    private let listener: LoopbackListener

    /// The state, which the threads that serve have too.
    private final class Shared: Sendable {
        let content = Mutex(State())
    }

    /// Begins to serve.
    init() throws {
        let state = Shared()
        self.state = state
        listener = try LoopbackListener { connection in Self.serve(connection, state) }
    }

    deinit { listener.stop() }

    /// Where it is, as HOST:PORT.
    var place: String { listener.place }
    /// What it has taken over.
    var mails: [Mail] { state.content.withLock { $0.mails } }
    /// How often it said that it has no time.
    var postponed: Int { state.content.withLock { $0.postponed } }

    // MARK: Speaking

    private static func serve(_ connection: Int32, _ state: Shared) {
        var (buffer, sender, recipients) = ([UInt8](), "", [String]())
        say("220 mail.example ESMTP", connection)
        while let line = line(connection, &buffer) {
            switch line.prefix(4).uppercased() {
            case "EHLO", "HELO", "RSET": say("250 mail.example", connection)
            case "MAIL":
                (sender, recipients) = (address(in: line), [])
                say("250 go on", connection)
            case "RCPT":
                recipients.append(address(in: line))
                say("250 go on", connection)
            case "DATA":
                say("354 go on", connection)
                guard let lines = content(connection, &buffer) else { return }
                let mail = Mail(sender: sender, recipients: recipients, lines: lines)
                say(take(mail, state) ? "250 taken" : "451 no time, try later", connection)
            case "QUIT": return say("221 bye", connection)
            default: say("500 what?", connection)
            }
        }
    }

    private static func take(_ mail: Mail, _ state: Shared) -> Bool {
        state.content.withLock { state in
            guard state.postponed > 0 else {
                state.postponed += 1
                return false
            }
            state.mails.append(mail)
            return true
        }
    }

    private static func address(in line: String) -> String {
        String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }

    /// The lines of a mail, up to the dot behind them.
    private static func content(_ connection: Int32, _ buffer: inout [UInt8]) -> [String]? {
        var lines: [String] = []
        while lines.count < mostLines, let line = line(connection, &buffer) {
            if line == "." { return lines }
            lines.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
        }
        return nil
    }

    /// The next line; nil where there is none, or it is too long.
    private static func line(_ connection: Int32, _ buffer: inout [UInt8]) -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                let isEnded = line.last == UInt8(ascii: "\r")
                return String(decoding: isEnded ? line.dropLast() : line, as: UTF8.self)
            }
            guard buffer.count < longestLine else { return nil }
            var bytes = [UInt8](repeating: 0, count: longestLine)
            let count = unsafe recv(connection, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            buffer += bytes.prefix(count)
        }
    }

    /// Says a line; whoever has gone does not hear it, which its next line shows.
    private static func say(_ text: String, _ connection: Int32) {
        let bytes = Array((text + "\r\n").utf8)
        _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
