import DocketRPC
import DocketTestSupport
import Foundation
import InMemoryLogging
import Logging
import Testing

@testable import DocketClient

@Suite("What a client tells its logger", .timeLimit(.minutes(5)))
struct JournalTests {
    private let handler: InMemoryLogHandler
    private let logger: Logger

    init() {
        let handler = InMemoryLogHandler()
        self.handler = handler
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        self.logger = logger
    }

    private func lines(_ message: String) -> [InMemoryLogHandler.Entry] {
        handler.entries.filter { $0.message.description == message }
    }

    @Test("Connections are told with why they ended")
    func connections() async throws {
        let fixture = try Fixture(logger: logger)
        try await fixture.client.signedIn()
        #expect(lines("connecting").count == 1)
        let identity = try #require(fixture.client.identity)
        let principal = try #require(identity.party.id)
        #expect(lines("signed in").map(\.metadata) == [["principal": "\(principal)"]])
        await fixture.goOffline()
        let lost = try #require(lines("not connected").first)
        #expect(lost.level == .info)
        #expect(lost.metadata == ["code": "unreachable", "reason": "draining"])
    }

    @Test("A command is told by its id and lane, with its verdict")
    func commands() async throws {
        let fixture = try Fixture(logger: logger)
        let chat = try await fixture.client.openConversation(channel: "chat")
        let delivered = try await chat.send("It prints blank pages")
        guard case .delivered(let receipt) = await delivered.outcome() else {
            Issue.record("\(await delivered.outcome())")
            return
        }
        let line = try #require(lines("a command has taken effect").first)
        #expect(line.level == .debug)
        #expect(line.metadata["command_id"] == "\(delivered.id)")
        #expect(line.metadata["lane"] == "conversation:\(chat.id)")
        #expect(line.metadata["kind"] == "post" && line.metadata["offset"] == "\(receipt.offset)")
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "too long"))
        let refused = try await chat.send("It smokes")
        _ = await refused.outcome()
        let stopped = try #require(handler.entries.first { $0.level == .warning })
        #expect(stopped.metadata["command_id"] == "\(refused.id)")
        #expect(stopped.metadata["reason"] == "field_too_long")
    }

    @Test("Nothing that was said, no name and no secret is in any line")
    func secrets() async throws {
        let fixture = try Fixture(as: .newGuest(name: "Ana Nowak"), logger: logger)
        let chat = try await fixture.client.openConversation(channel: "chat")
        _ = await (try await chat.send("It prints blank pages", title: "Blank")).outcome()
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "Ana Nowak said: It smokes"))
        _ = await (try await chat.send("It smokes")).outcome()
        await fixture.goOffline()
        let key = try #require(fixture.client.guestKey)
        let session = try #require(fixture.client.session)
        let secrets =
            [
                "blank", "Blank", "smokes", "Ana", "Nowak", "\(key)", "\(session)",
            ]
            + [key.secret, session.bytes].map { bytes in
                bytes.map { String(format: "%02x", $0) }.joined()
            }
        #expect(handler.entries.count >= 5)
        for entry in handler.entries {
            for secret in secrets {
                #expect(!"\(entry.message) \(entry.metadata)".contains(secret))
            }
        }
    }

    @Test("Without a logger it counts all the same")
    func noLogger() async throws {
        let journal = Journal(telling: nil)
        journal.note(.attempting)
        journal.note(.feedBroken)
        #expect(journal.counts.connections.attempts == 1)
        #expect(journal.counts.feeds.gapReopenings == 1)
    }
}
