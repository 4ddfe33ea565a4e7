import DocketTestSupport
import Testing

@testable import docket_channel_bridge

@Suite("A mail is handed to a server")
struct SMTPDeliveryTests {
    typealias Line = ScriptedMailServer.Line

    /// Delivers a mail to a server with a script, and gives what became of it.
    private func deliver(
        _ text: String = "Subject: x\r\n\r\nHello\r\n",
        to recipients: [String] = ["ana@example.org"],
        from sender: String = "desk@example.net",
        security: SMTPServer.Security = .plain,
        answering lines: Line...
    ) async throws -> (verdict: DeliveryVerdict, server: ScriptedMailServer) {
        let server = try ScriptedMailServer(lines + ScriptedMailServer.obliging)
        defer { server.stop() }
        // A tenth of a second is enough for a server in the same process that does answer, and
        // short for those that never do.
        let limits = SMTPServer.Limits(
            connection: .seconds(5),
            reply: .seconds(1),
            everything: lines.contains { $0.reply == nil } ? .milliseconds(500) : .seconds(20)
        )
        let delivery = SMTPDelivery(
            to: SMTPServer(place: server.place, security: security, limits: limits)
        )
        let verdict = await delivery.deliver(Array(text.utf8), from: sender, to: recipients)
        return (verdict, server)
    }

    @Test("The server gets sender, recipients and the content as it is, dots included")
    func content() async throws {
        let (verdict, server) = try await deliver(
            "Subject: x\r\n\r\n.\r\n..two\r\nend\r\n",
            to: ["ana@example.org", "bo@example.org"]
        )
        #expect(verdict.accepted == ["ana@example.org", "bo@example.org"])
        #expect(server.contents == ["Subject: x\n\n.\n..two\nend"])
        let commands = server.lines.filter { !$0.hasPrefix("EHLO") }
        #expect(commands.first?.hasPrefix("MAIL FROM:<desk@example.net>") == true)
        #expect(
            commands.dropFirst().prefix(3) == [
                "RCPT TO:<ana@example.org>", "RCPT TO:<bo@example.org>", "DATA",
            ]
        )
    }

    @Test("A program's mail has no sender to whom errors could go")
    func nullSender() async throws {
        let (verdict, server) = try await deliver(from: "")
        #expect(verdict.accepted == ["ana@example.org"])
        #expect(server.lines.contains { $0.hasPrefix("MAIL FROM:<>") })
    }

    @Test("One of two recipients is refused: the other gets the mail")
    func partial() async throws {
        let (verdict, server) = try await deliver(
            to: ["gone@example.org", "bo@example.org"],
            answering: Line(word: "RCPT TO:<gone@", reply: "550 5.1.1 no such user")
        )
        #expect(verdict.refused == ["gone@example.org": "550 5.1.1 no such user"])
        #expect(verdict.accepted == ["bo@example.org"])
        #expect(server.contents.count == 1)
    }

    @Test("All recipients are refused: the content is not sent")
    func allRefused() async throws {
        let (verdict, server) = try await deliver(answering: Line(word: "RCPT", reply: "550 no"))
        #expect(verdict.refused == ["ana@example.org": "550 no"])
        #expect(server.contents.isEmpty)
        #expect(!server.lines.contains("DATA"))
    }

    @Test("A server that is busy gets the mail later", arguments: ["MAIL", "RCPT", "DATA", "."])
    func busy(word: String) async throws {
        let (verdict, _) = try await deliver(
            answering: Line(word: word, reply: "451 4.3.0 try later")
        )
        #expect(verdict.postponed == ["ana@example.org": "451 4.3.0 try later"])
    }

    @Test("A refusal of the content is for good")
    func refusedContent() async throws {
        let (verdict, _) = try await deliver(answering: Line(word: ".", reply: "554 5.7.1 spam"))
        #expect(verdict.refused == ["ana@example.org": "554 5.7.1 spam"])
    }

    @Test(
        "A server that hangs gets the mail later",
        arguments: ["", "EHLO", "MAIL", "RCPT", "DATA", "."]
    )
    func hangs(word: String) async throws {
        let (verdict, _) = try await deliver(answering: Line(word: word))
        #expect(verdict.postponed.keys.sorted() == ["ana@example.org"])
    }

    @Test("A server that goes away gets the mail later", arguments: ["", "MAIL", "DATA", "."])
    func goes(word: String) async throws {
        let (verdict, _) = try await deliver(
            answering: Line(word: word, reply: "421 going down", closes: true)
        )
        let reason = try #require(verdict.postponed["ana@example.org"])
        #expect(reason.contains("421 going down"))
    }

    @Test("Where no server is, the mail goes later")
    func nobody() async throws {
        let server = try ScriptedMailServer(ScriptedMailServer.obliging)
        server.stop()
        let delivery = SMTPDelivery(to: SMTPServer(place: server.place, security: .plain))
        let verdict = await delivery.deliver([1], from: "a@b.org", to: ["c@d.org"])
        #expect(verdict.postponed["c@d.org"]?.isEmpty == false)
    }

    @Test("Without the TLS that was asked for, nothing is said")
    func withoutTLS() async throws {
        let (verdict, server) = try await deliver(security: .starttls)
        #expect(verdict.accepted.isEmpty)
        #expect(verdict.refused.isEmpty)
        #expect(!server.lines.contains { $0.hasPrefix("MAIL") })
        #expect(server.contents.isEmpty)
    }
}
