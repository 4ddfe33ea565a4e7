import DocketClient
import DocketTestSupport
import Foundation
import Testing

extension IntegrationTests {
    /// The program with which a partner pushes tickets, as people type it.
    @Suite("A partner pushes a file of tickets", .serialized)
    struct TicketPushTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private var credentials: String { folder("data/dev-credentials.json") }

        /// Starts a server that knows a partner, whose key is in a file.
        private func start() async throws -> TestServer {
            let server = try await TestServer.start(in: folder)
            let saved = try SavedCredentials(contentsOf: credentials)
            let administrator = try #require(saved.administrator)
            let key = try await DocketClient.withClient(to: saved.server, as: administrator) {
                try await $0.administration.createPartner(name: "CRM").text
            }
            try folder.write(try #require(key) + "\n", to: "key")
            return server
        }

        private func begin(_ arguments: [String], input: String = "") throws -> Program {
            let all = arguments + ["--credentials", credentials, "--key-file", folder("key")]
            return try Program(
                Program.built("docket-ticket-push"),
                all,
                input: input,
                in: folder
            )
        }

        private func run(
            _ arguments: String...,
            input: String = ""
        ) async throws -> (status: Int32, output: String, log: String) {
            let program = try begin(arguments, input: input)
            let status = try await program.ended()
            return (status, program.output, program.log)
        }

        private func withPartner<Value>(
            _ body: (DocketClient) async throws -> Value
        ) async throws -> Value {
            let server = try SavedCredentials(contentsOf: credentials).server
            let text = try String(contentsOfFile: folder("key"), encoding: .utf8)
            let key = String(text.prefix { !$0.isNewline })
            return try await DocketClient.withClient(to: server, as: .apiKey(key), body)
        }

        /// The keys of all tickets, one for each request.
        private func keys(_ client: DocketClient) async throws -> [String] {
            var keys: [String] = []
            var page: PageToken?
            repeat {
                let list = try await client.tickets.list(limit: 200, page: page)
                keys += list.items.compactMap(\.details.externalKey)
                page = list.next
            } while page != nil
            return keys
        }

        private func file(
            _ rows: ClosedRange<Int>,
            _ text: String = "It does not print"
        ) throws
            -> String
        {
            let lines = rows.map { "\(100_000 + $0),crm/\($0 % 7),\"\(text),\nnumber \($0)\"\n" }
            return try folder.write("key,contact,text\n" + lines.joined(), to: "rows.csv")
        }

        @Test("The sample is pushed once, however often it is pushed, and its status can be asked")
        func sample() async throws {
            let server = try await start()
            let sample = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Examples/ticket-push/sample.csv").path
            let first = try await run("push", sample)
            #expect(first.status == 0, "\(first)")
            #expect(first.output == "3 rows: 3 opened, 0 there before, 0 refused\n")
            let second = try await run("push", sample)
            #expect(second.output == "3 rows: 0 opened, 3 there before, 0 refused\n")
            let status = try await run("status", "abcd/3592", "abcd/1")
            #expect(status.status == 5 && status.log == "abcd/1: no such ticket was pushed\n")
            #expect(status.output.hasPrefix("#1  abcd/3592  "), "\(status.output)")
            #expect(status.output.hasSuffix("return size\n"), "\(status.output)")
            let list = try await run("status", "--prefix", "abcd/3", "--open")
            #expect(list.output.split(separator: "\n").count == 2, "\(list.output)")
            #expect(try await server.stop() == 0)
        }

        @Test("A refused row is told, kept, mended and pushed; the others do not wait for it")
        func mending() async throws {
            let server = try await start()
            let rows = """
                {"key":"a","contact":"1","text":"Hello"}
                {"key":"b","contact":"1","text":"Hello","topic":"nothing"}
                {"key":"a","contact":"1","text":"Other"}
                {"key":"a","contact":"1","text":"Hello"}
                {"key":"c","contact":"1","text":"Hello","channel":"chat"}
                """
            let rejects = folder("mend.jsonl")
            let first = try await run("push", "-", "--rejects", rejects, input: rows)
            #expect(first.status == 6, "\(first)")
            #expect(first.output.contains("line 2: b: the desk does not take this value: topic"))
            #expect(first.output.contains("line 3: a: the key names another request already"))
            #expect(first.output.contains("line 5: c: the desk has no such channel for you"))
            #expect(first.output.hasSuffix("5 rows: 1 opened, 1 there before, 3 refused\n"))
            let kept = try String(contentsOfFile: rejects, encoding: .utf8)
            #expect(kept.split(separator: "\n").count == 3)
            let mended = kept.replacing(#","topic":"nothing""#, with: "")
            let second = try await run("push", "-", input: mended)
            #expect(second.status == 6, "\(second)")
            #expect(second.output.hasSuffix("3 rows: 1 opened, 0 there before, 2 refused\n"))
            #expect(try await withPartner(keys) == ["a", "b"])
            #expect(try await server.stop() == 0)
        }

        @Test("Killed at any moment and started again, it opens each ticket once")
        func kills() async throws {
            var random = SeededRandom()
            let server = try await start()
            let count = 1_500
            let file = try file(1...count)
            try await withPartner { partner in
                for _ in 0..<6 {
                    let begun = try await newest(partner)
                    let goal = UInt64.random(in: begun...UInt64(count), using: &random)
                    let program = try begin(["push", file])
                    try await eventually("it has pushed") {
                        guard program.isRunning else { return true }
                        return try await newest(partner) >= goal
                    }
                    program.send(SIGKILL)
                    try await program.ended()
                }
                let last = try await run("push", file)
                #expect(last.status == 0, "\(last) \(random.replay)")
                #expect(last.output.hasPrefix("1,500 rows: "))
                let expected = (1...count).map { "\(100_000 + $0)" }
                #expect(try await keys(partner) == expected, "\(random.replay)")
                #expect(try await newest(partner) == UInt64(count), "\(random.replay)")
            }
            #expect(try await server.stop() == 0)
        }

        /// The number of the newest request, which says how many there are.
        private func newest(_ partner: DocketClient) async throws -> UInt64 {
            var newest: UInt64 = 0
            var page: PageToken?
            repeat {
                let list = try await partner.tickets.list(limit: 200, page: page)
                newest = max(newest, list.items.map(\.number).max() ?? 0)
                page = list.next
            } while page != nil
            return newest
        }

        @Test("A server that is killed and comes back costs time, and no ticket")
        func serverKilled() async throws {
            var server = try await start()
            let file = try file(1...3_000)
            let program = try begin(["push", file])
            try await withPartner { partner in
                try await eventually("tickets arrive") { try await newest(partner) > 200 }
            }
            let address = server.address
            try await server.kill()
            server = try await TestServer.start(in: folder, listen: address)
            #expect(try await program.ended(within: .seconds(90)) == 0, "\(program.log)")
            #expect(program.output.hasPrefix("3,000 rows: "))
            #expect(try await withPartner(keys).count == 3_000)
            #expect(try await withPartner(newest) == 3_000)
            #expect(try await server.stop() == 0)
        }

        @Test("Rows as long as they may be go in calls that the server takes")
        func longRows() async throws {
            let server = try await start()
            let file = try file(1...120, String(repeating: "é", count: 8_150))
            let pushed = try await run("push", file)
            #expect(pushed.output == "120 rows: 120 opened, 0 there before, 0 refused\n")
            #expect(try await server.stop() == 0)
        }

        @Test("What comes through a pipe is pushed when it comes, not when the pipe ends")
        func pipe() async throws {
            let server = try await start()
            #expect(mkfifo(folder("pipe"), 0o600) == 0)
            let program = try begin(["push", folder("pipe")])
            // Opened both ways, it does not wait for the program to open it.
            let pipe = FileHandle(
                fileDescriptor: open(folder("pipe"), O_RDWR | O_CLOEXEC),
                closeOnDealloc: true
            )
            try await withPartner { partner in
                for count in 1...3 {
                    let row = #"{"key":"\#(count)","contact":"1","text":"Hello"}"#
                    try pipe.write(contentsOf: Data("\(row)\n".utf8))
                    try await eventually("the ticket is there") {
                        try await keys(partner).count == count
                    }
                }
            }
            try pipe.write(contentsOf: Data("not JSON".utf8))
            // It has to have it open before the last writer leaves.
            #expect(program.isRunning)
            try pipe.close()
            #expect(try await program.ended() == 6, "\(program.log)")
            #expect(program.output.contains("line 4: the line is not a JSON object"))
            #expect(try await server.stop() == 0)
        }

        @Test("It tells what becomes of the tickets until all are closed")
        func follow() async throws {
            let server = try await start()
            let file = try file(1...2)
            let program = try begin(["push", file, "--follow"])
            let saved = try SavedCredentials(contentsOf: credentials)
            try await eventually("both are followed") {
                program.output.contains("#2  100002  ")
            }
            try await DocketClient.withClient(to: saved.server, as: try #require(saved.agent)) {
                agent in
                for number in 1...2 as ClosedRange<UInt64> {
                    let request = try await agent.requests.get(number: number)
                    _ = try await agent.requests.take(request.id)
                    let chat = agent.conversation(request.conversationID)
                    _ = try await chat.post("Is it plugged in?", continuing: request.id)
                    for status in ["resolved", "closed"] {
                        _ = try await agent.requests.setStatus(status, of: request.id)
                    }
                }
            }
            #expect(try await program.ended() == 0, "\(program.log)")
            let lines = program.output.split(separator: "\n").map(String.init)
            #expect(lines.filter { $0.hasSuffix(": Is it plugged in?") }.count == 2)
            #expect(lines.filter { $0.hasSuffix("  Closed") }.count == 2, "\(program.output)")
            let again = try await run("push", file, "--follow")
            #expect(again.status == 0, "\(again)")
            #expect(try await server.stop() == 0)
        }

        @Test("Who has no key, the wrong one or no server is told what to type")
        func mistakes() async throws {
            let server = try await start()
            let file = try file(1...2)
            let bare = try Program(
                Program.built("docket-ticket-push"),
                ["push", file],
                in: folder
            )
            #expect(try await bare.ended() == 2)
            #expect(bare.log.contains("--key-file FILE"), "\(bare.log)")
            try folder.write("nonsense\n", to: "key")
            let wrong = try await run("push", file)
            #expect(wrong.status == 4, "\(wrong)")
            #expect(try await server.stop() == 0)
        }

        @Test("A profile keeps the server")
        func profile() async throws {
            let server = try await start()
            let login = try await run("login")
            #expect(login.status == 0, "\(login)")
            let program = try Program(
                Program.built("docket-ticket-push"),
                ["push", try file(1...2), "--key-file", folder("key")],
                in: folder
            )
            #expect(try await program.ended() == 0, "\(program.log)")
            #expect(try await server.stop() == 0)
        }

        @Test(
            "A full disk under the refused rows ends the push, and the next one tells all again",
            .enabled(if: SmallFileSystem.isPossible)
        )
        func fullDisk() async throws {
            let small = try SmallFileSystem(in: folder)
            let text = String(repeating: "x", count: 100_000)
            let rows = (1...200).map { "\($0),1,\(text)\n" }.joined()
            let file = try folder.write("key,contact,text\n" + rows, to: "rows.csv")
            let full = try Program(
                Program.built("docket-ticket-push"),
                ["push", file, "--check", "--rejects", folder("data/mend.csv")],
                in: folder
            )
            #expect(try await full.ended() == 74)
            #expect(full.log.contains("No space left on device"), "\(full.log)")
            #expect(!folder.has("data/mend.csv"))
            let roomy = try Program(
                Program.built("docket-ticket-push"),
                ["push", file, "--check", "--rejects", folder("mend.csv")],
                in: folder
            )
            #expect(try await roomy.ended() == 1, "\(roomy.log)")
            #expect(folder.has("mend.csv"))
            withExtendedLifetime(small) {}
        }
    }
}
