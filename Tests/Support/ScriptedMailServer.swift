internal import Foundation
internal import Synchronization

/// A mail server on loopback that says what a test tells it to.
///
/// It serves one connection after the other on a thread of its own and remembers what it was told.
/// The state is touched under a lock.
package final class ScriptedMailServer: Sendable {
    /// What it does when a line of a client's begins with a word.
    package struct Line: Sendable {
        /// The beginning of the client's line; empty for the connection itself, and `.` for the
        /// end of the content.
        package var word: String
        /// What it answers; nil to say nothing and wait until the client goes.
        package var reply: String?
        /// Whether it closes the connection then.
        package var closes: Bool
        /// Asked when a client's line begins with the word: false leaves it to the lines behind.
        package var isMeant: @Sendable () -> Bool

        /// Says what is done about a line.
        package init(
            word: String,
            reply: String? = nil,
            closes: Bool = false,
            if isMeant: @escaping @Sendable () -> Bool = { true }
        ) {
            self.word = word
            self.reply = reply
            self.closes = closes
            self.isMeant = isMeant
        }
    }

    /// The script of a server that takes everything.
    package static let obliging: [Line] = [
        Line(word: "", reply: "220 mail.test ESMTP"), Line(word: "EHLO", reply: "250 mail.test"),
        Line(word: "MAIL", reply: "250 OK"), Line(word: "RCPT", reply: "250 OK"),
        Line(word: "DATA", reply: "354 go on"), Line(word: ".", reply: "250 OK"),
        Line(word: "QUIT", reply: "221 bye", closes: true),
    ]

    private struct State {
        var lines: [String] = []
        var contents: [String] = []
    }

    private let listener: Int32
    /// The port at which it listens.
    package let port: UInt16
    private let script: [Line]
    private let state = Mutex(State())

    /// Serves with a script; of two lines for the same word the first is used.
    package init(_ script: [Line]) throws {
        self.script = script
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                serve(connection)
                close(connection)
            }
            // Here and not in stop(): the number may be another socket's at once.
            close(listener)
        }
    }

    /// Where it is, as HOST:PORT.
    package var place: String { "127.0.0.1:\(port)" }
    /// The commands that clients have sent.
    package var lines: [String] { state.withLock { $0.lines } }
    /// The contents that were sent to their end, without dots that stand for others.
    package var contents: [String] { state.withLock { $0.contents } }

    /// Ends it: what waits for a connection or a line goes.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Speaks with one client until one of the two goes.
    private func serve(_ connection: Int32) {
        guard let input = fdopen(dup(connection), "r") else { return }
        defer { fclose(input) }
        guard answer(reply(to: ""), on: connection) else { return }
        var content: [String]?
        var buffer = [CChar](repeating: 0, count: 8_192)
        while fgets(&buffer, Int32(buffer.count), input) != nil {
            let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            var line = String(decoding: bytes, as: UTF8.self)
            while line.last?.isNewline == true { line.removeLast() }
            if let lines = content, line != "." {
                content = lines + [line.hasPrefix(".") ? String(line.dropFirst()) : line]
                continue
            }
            let received = line
            state.withLock { state in
                if let lines = content { state.contents.append(lines.joined(separator: "\n")) }
                if content == nil { state.lines.append(received) }
            }
            content = nil
            let reply = reply(to: line)
            guard answer(reply, on: connection) else { return }
            if line == "DATA", reply?.reply?.hasPrefix("354") == true { content = [] }
        }
    }

    private func reply(to line: String) -> Line? {
        script.first {
            ($0.word.isEmpty ? line.isEmpty : line.hasPrefix($0.word)) && $0.isMeant()
        }
    }

    /// Answers; false where the connection is to be closed.
    private func answer(_ step: Line?, on connection: Int32) -> Bool {
        guard let step else { return write("500 what?", on: connection) }
        guard let reply = step.reply else {
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
        guard write(reply, on: connection) else { return false }
        return !step.closes
    }

    private func write(_ line: String, on connection: Int32) -> Bool {
        let bytes = Array((line + "\r\n").utf8)
        return send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
