import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// How the customers' program ends, and what it leaves to scripts.
    @Suite("The end of the customers' program", .serialized)
    struct ChatEndingTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func run(
            _ arguments: String...,
            input: String = ""
        ) async throws -> (status: Int32, output: String, log: String) {
            let program = try Program(
                Program.built("docket-chat"),
                arguments,
                input: input,
                in: folder
            )
            let status = try await program.ended()
            return (status, program.output, program.log)
        }

        /// Runs a line of a shell, with the program as `$CHAT`, and gives what it says.
        private func shell(_ line: String) async throws -> (status: Int32, output: String) {
            let program = try Program(
                "/bin/bash",
                ["-c", "set -o pipefail; \(line)"],
                environment: ["CHAT": try Program.built("docket-chat")],
                in: folder
            )
            let status = try await program.ended()
            return (status, program.output + program.log)
        }

        private func login() async throws {
            let credentials = folder("data/dev-credentials.json")
            #expect(try await run("login", "--credentials", credentials).status == 0)
        }

        @Test("Each way to end has the status that the help names")
        func statuses() async throws {
            let server = try await TestServer.start(in: folder)
            try await login()
            // The title opens a request, and nobody would see anything in it.
            let refused = try await run("send", "Hello", "--title", "\u{2800}")
            #expect(refused.status == 1 && refused.log.contains("refused"), "\(refused.log)")
            #expect(try await run("send", "Hello").status == 0)
            let long = try await run("send", input: String(repeating: "x", count: 20_000))
            #expect(long.status == 2 && long.log.contains("at most 16384 bytes"), "\(long.log)")
            #expect(try await run("outbox", "list").output == "Nothing waits.\n")
            let well = try await run("doctor")
            #expect(well.status == 0 && well.output.contains("signed in as"), "\(well)")
            #expect(try await run("send", "--timeout", "0").status == 2)
            #expect(try await run("requests", "99").status == 5)
            #expect(try await run("files", "get", "nothing.txt").status == 5)
            #expect(try await run("outbox", "discard", "\(MessageID())").status == 5)
            #expect(try await run("send", "--file", folder("nothing.txt")).status == 2)
            let tail = try Program(Program.built("docket-chat"), ["tail"], in: folder)
            try await eventually("the past is shown") { tail.output.contains("Hello") }
            tail.send(SIGINT)
            #expect(try await tail.ended() == 130)
            #expect(try await server.stop() == 0)
            let ill = try await run("doctor")
            #expect(ill.status == 69 && ill.output.contains("nothing waits"), "\(ill)")
        }

        @Test("Files come and go, and none is replaced that is not to be")
        func files() async throws {
            let server = try await TestServer.start(in: folder)
            try await login()
            try folder.write("content", to: "a.txt")
            let put = try await run("files", "put", folder("a.txt"), "--text", "See")
            #expect(put.status == 0 && put.output.hasPrefix("stored as"), "\(put)")
            #expect(try await run("send", "--file", folder("a.txt")).status == 0)
            let list = try await run("files", "list")
            #expect(list.output.split(separator: "\n").count == 3, "\(list.output)")
            let copy = folder("copy.txt")
            let saved = try await run("files", "get", "a.txt", copy)
            #expect(saved.output == "saved as \(copy)\n", "\(saved)")
            try folder.write("mine", to: "copy.txt")
            let kept = try await run("files", "get", "a.txt", copy)
            #expect(kept.status == 74 && kept.log.contains("--force"), "\(kept)")
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == "mine")
            #expect(try await run("files", "get", "a.txt", copy, "--force").status == 0)
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == "content")
            let holder = try Program(Program.built("docket-chat"), ["tail"], in: folder)
            try await eventually("another has the profile") { holder.output.contains("a.txt") }
            let beside = try await run("files", "put", folder("a.txt"))
            #expect(beside.status == 0, "\(beside.log)")
            holder.send(SIGTERM)
            _ = try await holder.ended()
            #expect(try await server.stop() == 0)
            let queued = try await run("files", "put", folder("a.txt"), "--wait", "queued")
            #expect(queued.status == 0, "\(queued.log)")
            folder.remove("a.txt")
            let address = server.address
            let again = try await TestServer.start(in: folder, listen: address)
            #expect(try await run("outbox", "flush").status == 0)
            let all = try await run("files", "list")
            #expect(all.output.split(separator: "\n").count == 5, "\(all.output)")
            #expect(try await again.stop() == 0)
        }

        /// Whether the profile's file holds a text.
        private func holds(_ text: String) -> Bool {
            ["state.sqlite", "state.sqlite-wal"].contains { name in
                let path = folder(".local/state/docket-chat/profiles/default/\(name)")
                let content = FileManager.default.contents(atPath: path)
                return content?.firstRange(of: Data(text.utf8)) != nil
            }
        }

        @Test("What this machine knows is shown without a server")
        func away() async throws {
            let server = try await TestServer.start(in: folder)
            try await login()
            #expect(try await run("send", "It prints blank pages").status == 0)
            let saved = try SavedCredentials(contentsOf: folder("data/dev-credentials.json"))
            let agent = try #require(saved.agent)
            let tail = try await DocketClient.withClient(to: saved.server, as: agent) { client in
                let request = try await client.requests.get(number: 1)
                let chat = client.conversation(request.conversationID)
                _ = try await chat.post("Which printer?")
                let tail = try Program(Program.built("docket-chat"), ["tail"], in: folder)
                try await eventually("the past is shown") { tail.output.contains("Which") }
                _ = try await chat.post("Try again")
                return tail
            }
            try await eventually("it is kept") { holds("Which printer?") && holds("Try again") }
            tail.send(SIGTERM)
            _ = try await tail.ended()
            #expect(try await server.stop() == 0)
            let again = try Program(Program.built("docket-chat"), ["tail"], in: folder)
            try await eventually("the past is known") {
                again.output.contains("Which printer?") && again.output.contains("Try again")
                    && again.log.contains("offline")
            }
            again.send(SIGINT)
            #expect(try await again.ended() == 130)
            let requests = try await run("requests")
            #expect(requests.status == 0 && requests.output.contains("blank"), "\(requests)")
            #expect(requests.log.contains("is away"), "\(requests.log)")
        }

        @Test("An endless input ends the program, and a reader who leaves ends it quietly")
        func pipes() async throws {
            let server = try await TestServer.start(in: folder)
            try await login()
            let endless = try await shell("yes | $CHAT send")
            #expect(endless.output.contains("more than 65536 bytes"), "\(endless)")
            #expect(try await run("requests", "--all").output == "No requests.\n")
            #expect(try await run("send", "Hello").status == 0)
            // The reader has left for sure before anything is written.
            let left = "exec 3> >(true); wait $!; $CHAT requests --all >&3"
            let unread = try await shell(left)
            #expect(unread.status == 0 && unread.output.isEmpty, "\(unread)")
            #expect(try await server.stop() == 0)
        }
    }
}
