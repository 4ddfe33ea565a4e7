import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// The customers' program as people start it.
    @Suite("The customers' program", .serialized)
    struct ChatProgramTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func chat(_ arguments: String..., input: String = "") throws -> Program {
            let all = arguments + ["--credentials", folder("data/dev-credentials.json")]
            return try Program(Program.built("docket-chat"), all, input: input, in: folder)
        }

        @Test("A mistyped command of a customer is refused, and CR LF is a line end")
        func lines() async throws {
            let server = try await TestServer.start(in: folder)
            let mistyped = try chat("--plain", input: "hello\r\n/quti\r\nnot this\r\n")
            #expect(try await mistyped.ended() == 2)
            #expect(mistyped.log.contains("there is no command /quti"))
            #expect(mistyped.output.contains("> you: hello\n"))
            let sent = try chat("send", input: "hi\r\n")
            #expect(try await sent.ended() == 0)
            let credentials = try SavedCredentials(
                contentsOf: folder("data/dev-credentials.json")
            )
            let agent = try #require(credentials.agent)
            let texts = try await DocketClient.withClient(to: credentials.server, as: agent) {
                client in
                let request = try await client.requests.get(number: 1)
                return try await client.requests.messages(of: request.id, after: 0, limit: 9)
                    .messages.map(\.event.fact)
            }
            let said = texts.compactMap { fact in
                if case .messagePosted(let message) = fact { message.text } else { nil }
            }
            #expect(said == ["hello", "hi"])
            #expect(try await server.stop() == 0)
        }

        /// Starts the prompt at a terminal, types half a message, ends the program as it is told,
        /// and prints what the terminal got since then.
        private static let driver = """
            import os, pty, select, sys
            how, argv = sys.argv[1], sys.argv[2:]
            pid, terminal = pty.fork()
            if pid == 0:
                os.environ["TERM"] = "xterm"
                os.execv(argv[0], argv)
            def read(until):
                data = b""
                while until is None or until not in data:
                    if not select.select([terminal], [], [], 60)[0]: sys.exit("nothing came")
                    try: chunk = os.read(terminal, 65536)
                    except OSError: break
                    if not chunk: break
                    data += chunk
                return data
            read(b"/help lists the commands.")
            os.write(terminal, b"half a mess")
            read(b"half a mess")
            if how == "keys": os.write(terminal, b"\\x03\\x04")
            else: os.kill(pid, int(how))
            rest = read(None)
            sys.stdout.buffer.write(rest)
            """

        private func end(by how: String) async throws -> String {
            let python = try Program(
                "/usr/bin/env",
                [
                    "python3", "-c", Self.driver, how, Program.built("docket-chat"),
                    "--credentials", folder("data/dev-credentials.json"),
                ],
                in: folder
            )
            #expect(try await python.ended() == 0, "\(python.log)")
            return python.output
        }

        @Test(
            "A signal takes the prompt away before the program ends",
            arguments: [SIGTERM, SIGHUP]
        )
        func signals(number: Int32) async throws {
            let server = try await TestServer.start(in: folder)
            for how in ["keys", "\(number)"] {
                // Everything below the cursor is erased, and nothing is drawn there again.
                let all = try await end(by: how)
                let parts = all.components(separatedBy: "\u{1B}[J")
                #expect(parts.count > 1, "\(how): \(parts)")
                #expect(
                    parts.last?.contains(try Regex("live|signing")) == false,
                    "\(how): \(parts)"
                )
                #expect(parts.last?.contains("half a mess") == false, "\(how): \(parts)")
                #expect(all.contains("\u{1B}[?2004l"), "\(how): \(parts)")
            }
            #expect(try await server.stop() == 0)
        }
    }
}
