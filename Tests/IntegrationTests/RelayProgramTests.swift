import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// The relay, as a program without Swift uses it.
    @Suite("A program relays by JSON lines", .serialized)
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
            #expect(replies.first { $0.id == "b" }?.reason == "invalid_order")
            #expect(replies.first { $0.id == nil }?.reason == "invalid_order")
            let third = replies.filter { $0.id == "c" }
            #expect(third.map(\.verdict?.outcome) == ["queued", "refused"])
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

        @Test("With its key an integration opens its contacts' conversations and speaks in them")
        func integration() async throws {
            let server = try await TestServer.start(in: folder)
            let text = try String(
                contentsOfFile: folder("data/dev-credentials.json"),
                encoding: .utf8
            )
            let key = try #require(text.firstMatch(of: /"api_key" ?: ?"([^"]+)"/)?.1)
            try folder.write("\(key)\n", to: "key")
            let options = ["--profile", "gateway", "--key-file", folder("key")]
            let channels = try await channels(with: String(key))
            let channel = try #require(channels.first)
            let open = #"{"id":"1","command":"open","channel":"\#(channel)","#
            let contact = #""external_id":"+15550100","name":"Ana"}"#
            let (_, opened) = try await relay(options, orders: [open + contact])
            let conversation = try #require(opened.first { $0.id == "1" }?.conversation)
            let say = #"{"id":"2","command":"send","text":"Hi","conversation":"\#(conversation)"}"#
            let lost = #"{"id":"3","command":"send","text":"Hi"}"#
            let (status, said) = try await relay(options, orders: [say, lost])
            #expect(status == 0)
            let outcomes = said.filter { $0.id == "2" }.map(\.verdict?.outcome)
            #expect(outcomes == ["queued", "posted"])
            #expect(said.first { $0.id == "3" }?.reason == "failed")
            #expect(try await server.stop() == 0)
        }

        private func channels(with key: String) async throws -> [String] {
            let saved = try SavedCredentials(contentsOf: folder("data/dev-credentials.json"))
            return try await DocketClient.withClient(to: saved.server, as: .apiKey(key)) {
                try await $0.channels().map(\.key)
            }
        }
    }
}
