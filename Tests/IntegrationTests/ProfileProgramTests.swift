import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// The programs' profiles, as people use them.
    @Suite("Profiles of the programs", .serialized)
    struct ProfileProgramTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func start(
            _ program: String,
            _ arguments: [String],
            input: String = ""
        ) throws -> Program {
            try Program(Program.built(program), arguments, input: input, in: folder)
        }

        /// Runs a program to its end; gives its status, and what it has said.
        private func run(
            _ program: String,
            _ arguments: String...,
            input: String = ""
        ) async throws -> (status: Int32, output: String, log: String) {
            let program = try start(program, arguments, input: input)
            let status = try await program.ended()
            return (status, program.output, program.log)
        }

        private var credentials: String { folder("data/dev-credentials.json") }

        private var profile: String { ".local/state/docket-chat/profiles/default" }

        /// The texts of every message on the server, in order.
        private func texts() async throws -> [String] {
            let saved = try SavedCredentials(contentsOf: credentials)
            let agent = try #require(saved.agent)
            return try await DocketClient.withClient(to: saved.server, as: agent) { client in
                let conversations = try await client.snapshot().conversations
                #expect(conversations.count == 1)
                let id = try #require(conversations.first?.id)
                let page = try await client.conversation(id).history(limit: 200)
                return page.events.compactMap { event in
                    if case .messagePosted(let message) = event.fact { message.text } else { nil }
                }
            }
        }

        private func permissions(of path: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder(path))
            return try #require(attributes[.posixPermissions] as? Int)
        }

        @Test("Four first sends at once are one guest, one conversation and four messages")
        func together() async throws {
            let server = try await TestServer.start(in: folder)
            let said = (1...4).map { "message \($0)" }
            let programs = try said.map {
                try start("docket-chat", ["send", $0, "--credentials", credentials])
            }
            for program in programs {
                #expect(try await program.ended() == 0, "\(program.log)")
                #expect(program.output.contains("of request 1"), "\(program.output)")
            }
            #expect(try await texts().sorted() == said)
            #expect(try permissions(of: profile) == 0o700)
            for file in ["account.json", "state.sqlite", "engine.lock"] {
                #expect(try permissions(of: "\(profile)/\(file)") == 0o600, "\(file)")
            }
            #expect(try await server.stop() == 0)
        }

        @Test("After a login no command needs to be told the server, until the logout")
        func customer() async throws {
            let server = try await TestServer.start(in: folder)
            let bare = try await run("docket-chat", "send", "Hello")
            #expect(bare.status == 2 && bare.log.contains("docket-chat login"), "\(bare.log)")
            let login = try await run(
                "docket-chat",
                "login",
                "--credentials",
                credentials,
                "--name",
                "Ana"
            )
            #expect(login.status == 0 && login.output.hasPrefix("signed in as Ana"), "\(login)")
            #expect(try await run("docket-chat", "send", "Hello").status == 0)
            let requests = try await run("docket-chat", "requests")
            #expect(requests.status == 0 && requests.output.contains("Hello"), "\(requests)")
            #expect(try await run("docket-chat", "logout").output == "signed out\n")
            #expect(!folder.has("\(profile)/state.sqlite"))
            #expect(try await run("docket-chat", "send", "Hello").status == 2)
            #expect(try await server.stop() == 0)
        }

        @Test("An agent's login keeps a session and no password, and its logout ends it")
        func agent() async throws {
            let server = try await TestServer.start(in: folder)
            let bare = try await run("docket", "queue")
            #expect(bare.status == 4 && bare.log.contains("docket login"), "\(bare.log)")
            let login = try await run("docket", "login", "--credentials", credentials)
            #expect(login.status == 0 && login.output.hasPrefix("signed in as "), "\(login)")
            let place = ".local/state/docket/profiles/default/account.json"
            #expect(try permissions(of: place) == 0o600)
            let kept = try String(contentsOfFile: folder(place), encoding: .utf8)
            let agent = try String(contentsOfFile: credentials, encoding: .utf8)
            let passwords = agent.matches(of: /"password" ?: ?"([^"]+)"/).map { String($0.1) }
            #expect(passwords.count == 2 && !passwords.contains(where: kept.contains))
            #expect(try await run("docket", "queue").status == 0)
            let other = try await run("docket", "queue", "--server", "127.0.0.1:1")
            #expect(other.status == 2 && other.log.contains("is signed in at"), "\(other.log)")
            #expect(try await run("docket", "logout").output == "signed out\n")
            #expect(try await run("docket", "queue").status == 4)
            // The session is over, and not only forgotten.
            try folder.write(kept, to: place)
            let ended = try await run("docket", "queue")
            #expect(ended.status == 4 && ended.log.contains("The session has ended."), "\(ended)")
            #expect(try await server.stop() == 0)
        }

        @Test("What is sent without a server is kept, shown, and arrives once when there is one")
        func offline() async throws {
            var server = try await TestServer.start(in: folder)
            let address = server.address
            let login = try await run("docket-chat", "login", "--credentials", credentials)
            #expect(login.status == 0, "\(login.log)")
            #expect(try await server.stop() == 0)
            let queued = try await run("docket-chat", "send", "one", "--wait", "queued")
            #expect(queued.status == 0 && queued.output.hasPrefix("queued as "), "\(queued)")
            let late = try await run("docket-chat", "send", "two", "--timeout", "1", "--json")
            #expect(late.status == 3 && late.output.contains("\"outcome\":\"queued\""), "\(late)")
            let third = try await run("docket-chat", "send", "three", "--wait", "queued")
            let id = String(third.output.dropFirst("queued as ".count).dropLast())
            let list = try await run("docket-chat", "outbox", "list")
            #expect(list.status == 0 && list.output.contains("two"), "\(list)")
            let discarded = try await run("docket-chat", "outbox", "discard", id)
            #expect(discarded.output == "discarded\n", "\(discarded)")
            let logout = try await run("docket-chat", "logout")
            #expect(logout.status == 1 && logout.log.contains("2 messages"), "\(logout.log)")
            server = try await TestServer.start(in: folder, listen: address)
            let flush = try await run("docket-chat", "outbox", "flush")
            #expect(flush.status == 0, "\(flush.log)")
            #expect(try await texts() == ["one", "two"])
            #expect(try await server.stop() == 0)
        }

        @Test("A chat that is open serves the others, and a stopped one is named")
        func holder() async throws {
            let server = try await TestServer.start(in: folder)
            let login = try await run("docket-chat", "login", "--credentials", credentials)
            #expect(login.status == 0, "\(login.log)")
            let holder = try start("docket-chat", ["tail"])
            try await eventually("the other has the profile") {
                folder.has("\(profile)/engine.sock")
            }
            let sent = try await run("docket-chat", "send", "Hello")
            #expect(sent.status == 0 && holder.isRunning, "\(sent.log)")
            holder.send(SIGSTOP)
            let refused = try await run("docket-chat", "send", "again", "--json")
            #expect(refused.status == 75, "\(refused)")
            #expect(refused.log.contains("process \(holder.processID)"), "\(refused.log)")
            #expect(refused.output.contains(#""outcome":"unknown""#), "\(refused.output)")
            let id = try #require(
                refused.log.split(separator: "--id ").last?.prefix { !$0.isWhitespace }
            )
            let logout = try await run("docket-chat", "logout")
            #expect(logout.status == 75 && logout.log.contains("\(holder.processID)"))
            holder.send(SIGKILL)
            holder.send(SIGCONT)
            _ = try await holder.ended()
            let again = try await run("docket-chat", "send", "again", "--id", String(id))
            #expect(again.status == 0, "\(again.log)")
            #expect(try await run("docket-chat", "send", "later").status == 0)
            #expect(try await texts() == ["Hello", "again", "later"])
            #expect(try await server.stop() == 0)
        }

        @Test("The chat takes lines without a server, and says that they are kept")
        func offlineLines() async throws {
            var server = try await TestServer.start(in: folder)
            let address = server.address
            #expect(try await run("docket-chat", "login", "--credentials", credentials).status == 0)
            #expect(try await run("docket-chat", "send", "before").status == 0)
            #expect(try await server.stop() == 0)
            let input = "hello\n//slash\n"
            let chat = try await run("docket-chat", "--plain", "--timeout", "1", input: input)
            #expect(chat.status == 3, "\(chat)")
            #expect(chat.output.contains("queued: hello"), "\(chat)")
            #expect(chat.output.contains("queued: /slash"), "\(chat)")
            server = try await TestServer.start(in: folder, listen: address)
            #expect(try await run("docket-chat", "outbox", "flush").status == 0)
            #expect(try await texts() == ["before", "hello", "/slash"])
            #expect(try await server.stop() == 0)
        }

        /// Types half a message, kills the chat when the draft is kept, and starts it again.
        private static let driver = """
            import glob, os, pty, select, signal, sys, time
            drafts, argv = sys.argv[1], sys.argv[2:]
            def start():
                pid, terminal = pty.fork()
                if pid == 0:
                    os.environ["TERM"] = "xterm"
                    os.execv(argv[0], argv)
                return pid, terminal
            def read(terminal, until):
                data = b""
                while until not in data:
                    if not select.select([terminal], [], [], 60)[0]: sys.exit("nothing came")
                    data += os.read(terminal, 65536)
            pid, terminal = start()
            read(terminal, b"/help lists the commands.")
            os.write(terminal, b"half a mess")
            end = time.time() + 30
            def kept(): return any(open(f).read() == "half a mess" for f in glob.glob(drafts))
            while not kept():
                if time.time() > end: sys.exit("the draft was not kept")
                time.sleep(0.05)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            pid, terminal = start()
            read(terminal, b"half a mess")
            os.write(terminal, b"age\\r")
            read(terminal, b"stored")
            os.write(terminal, b"\\x04")
            # A terminal reads to the end: a program waits for what it has written to be taken.
            try:
                while os.read(terminal, 65536): pass
            except OSError: pass
            os.waitpid(pid, 0)
            """

        @Test("A chat that is killed while somebody writes has the draft again")
        func draft() async throws {
            let server = try await TestServer.start(in: folder)
            #expect(try await run("docket-chat", "login", "--credentials", credentials).status == 0)
            let python = try Program(
                "/usr/bin/env",
                [
                    "python3", "-c", Self.driver, folder("\(profile)/drafts/*"),
                    Program.built("docket-chat"),
                ],
                in: folder
            )
            #expect(try await python.ended() == 0, "\(python.log)")
            #expect(try await texts() == ["half a message"])
            #expect(try await server.stop() == 0)
        }

        @Test("Who was kept by an earlier version is asked for, and goes on as the same guest")
        func earlier() async throws {
            let server = try await TestServer.start(in: folder)
            let saved = try SavedCredentials(contentsOf: credentials)
            let key = try await DocketClient.withClient(
                to: saved.server,
                as: .newGuest(name: "Ana")
            ) { try #require($0.guestKey) }
            let place = ".local/state/docket-chat/\(saved.server.host)_\(saved.server.port).json"
            try FileManager.default.createDirectory(
                atPath: folder(".local/state/docket-chat"),
                withIntermediateDirectories: true
            )
            let secret = Data(key.secret).base64EncodedString()
            try folder.write(
                #"{"contact":"\#(key.contactID)","secret":"\#(secret)","server":"s"}"#,
                to: place
            )
            let asked = try await run("docket-chat", "send", "Hi", "--credentials", credentials)
            #expect(asked.status == 2 && asked.log.contains("login --identity"), "\(asked.log)")
            let taken = try await run(
                "docket-chat",
                "login",
                "--identity",
                folder(place),
                "--credentials",
                credentials
            )
            #expect(taken.status == 0 && taken.output.hasPrefix("signed in as Ana"), "\(taken)")
            #expect(try await run("docket-chat", "send", "Hi").status == 0)
            #expect(try await server.stop() == 0)
        }
    }
}
