import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// The relay of a guest, as a program without Swift uses it.
    @Suite("A program speaks for a guest by JSON lines", .serialized)
    struct RelayProgramTests {
        /// What a test looks at in a line.
        private struct Line: Decodable {
            struct Verdict: Decodable {
                let id: String
                let outcome: String
            }
            let v: Int
            let type: String
            let id: String?
            let cursor: String?
            let line: Int?
            let reason: String?
            let conversation: String?
            let verdict: Verdict?
        }

        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func relay(
            _ arguments: [String],
            orders: [String]
        ) async throws -> (status: Int32, lines: [Line]) {
            let program = try Program(
                Program.built("docket-chat"),
                ["relay", "--json", "--credentials", folder("data/dev-credentials.json")]
                    + arguments,
                input: orders.map { $0 + "\n" }.joined(),
                in: folder
            )
            let status = try await program.ended()
            let lines = try program.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.allSatisfy { $0.v == 1 })
            return (status, lines)
        }

        @Test("Each order has its reply, in the order of the orders, and a wrong one ends nothing")
        func customer() async throws {
            let server = try await TestServer.start(in: folder)
            let id = MessageID()
            let (status, lines) = try await relay(
                [],
                orders: [
                    #"{"id":"a","command":"send","text":"Hello","message":"\#(id)"}"#,
                    #"{"id":"b","command":"dance"}"#, "not JSON",
                    #"{"id":"c","command":"send","text":""}"#,
                    #"{"id":"d","command":"discard","message":"\#(MessageID())"}"#,
                    #"{"id":"e","command":"open"}"#,
                ]
            )
            #expect(status == 0)
            let replies = lines.filter { $0.type == "reply" }
            let first = replies.filter { $0.id == "a" }
            #expect(first.map(\.verdict?.outcome) == ["queued", "posted"])
            #expect(first.allSatisfy { $0.verdict?.id == "\(id)" })
            let unknown = replies.first { $0.id == "b" }
            #expect(unknown?.reason == "unknown_command" && unknown?.line == 2)
            let unread = replies.first { $0.id == nil }
            #expect(unread?.reason == "not_an_object" && unread?.line == 3)
            #expect(replies.filter { $0.id == "c" }.map(\.reason) == ["failed"])
            #expect(replies.first { $0.id == "d" }?.reason == "not_found")
            #expect(replies.first { $0.id == "e" }?.conversation != nil)
            // What it said comes back as an event, after which the next run goes on.
            let (_, later) = try await relay(
                ["--since", "beginning", "--timeout", "5"],
                orders: [#"{"id":"f","command":"send","text":"again"}"#]
            )
            #expect(later.contains { $0.cursor != nil })
            #expect(try await server.stop() == 0)
        }
    }
}
