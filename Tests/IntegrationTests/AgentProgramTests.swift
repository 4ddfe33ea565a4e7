import Testing

extension IntegrationTests {
    /// The agents' tool as people type it.
    @Suite("The agents' tool", .serialized)
    struct AgentProgramTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func run(
            _ program: String,
            _ arguments: [String],
            input: String = ""
        ) async throws -> (status: Int32, output: String, log: String) {
            let all = arguments + ["--credentials", folder("data/dev-credentials.json")]
            let program = try Program(Program.built(program), all, input: input, in: folder)
            let status = try await program.ended()
            return (status, program.output, program.log)
        }

        /// Runs the agents' tool with a line, and with a text as its last word.
        private func docket(
            _ line: String,
            _ text: String? = nil,
            input: String = ""
        ) async throws -> (status: Int32, output: String, log: String) {
            let words = line.split(separator: " ").map(String.init)
            return try await run("docket", words + [text].compactMap(\.self), input: input)
        }

        private func customerWrites(_ text: String) async throws {
            #expect(try await run("docket-chat", ["send", text]).status == 0)
        }

        @Test("What a status wants is advised with the whole line, at the prompt as elsewhere")
        func missingMoment() async throws {
            let server = try await TestServer.start(in: folder)
            try await customerWrites("It prints blank pages")
            #expect(try await docket("take 1").status == 0)
            let line = "Type: docket request postpone 1 --until 2h --status snoozed\n"
            let typed = try await docket("request status 1 snoozed")
            #expect(typed.status == 1 && typed.log.contains(line), "\(typed)")
            let live = try await docket("answer 1 --plain", input: "/status snoozed\n")
            #expect(live.log.contains(line), "\(live)")
            let create = "request create --contact Guest --channel email --text Hi"
            let opened = try await docket(create)
            #expect(opened.log.contains("Add to the command: --title TEXT\n"), "\(opened)")
            #expect(try await server.stop() == 0)
        }

        @Test("Programs take their leave, and the server counts none of their ends as a failure")
        func goodbyes() async throws {
            let server = try await TestServer.start(in: folder)
            try await customerWrites("It prints blank pages")
            for _ in 0..<5 { #expect(try await docket("show 1").status == 0) }
            _ = try await docket("show 99")
            let file = folder("data/dev-credentials.json")
            for _ in 0..<2 {
                let stats = try await TestServer.run("stats", "--credentials", file, in: folder)
                #expect(stats.output.contains("connections"))
                #expect(!stats.output.contains("tls_failures_total"), "\(stats.output)")
                #expect(!stats.output.contains("connections_broken_total"), "\(stats.output)")
            }
            #expect(try await server.stop() == 0)
        }

        @Test("A mistyped note never reaches the contact, and a used id says where to look")
        func replies() async throws {
            let server = try await TestServer.start(in: folder)
            try await customerWrites("It prints blank pages")
            for command in ["reply", "note"] {
                let mistyped = try await docket("\(command) 1", input: "/nots a pain\n")
                #expect(mistyped.status == 2 && mistyped.log.contains("twice"), "\(mistyped)")
                let typed = try await docket("\(command) 1", "/nots a pain")
                #expect(typed.status == 2)
            }
            let sent = try await docket("reply 1", input: "//dev/lp0 is full\n")
            #expect(sent.status == 0, "\(sent)")
            let id = "0195f3a0-0000-7000-8000-000000000000"
            #expect(try await docket("reply 1 Hello --id", id).status == 0)
            let reused = try await docket("reply 1 Bye --id", id)
            #expect(reused.log.contains("docket show 1\n"), "\(reused)")
            let shown = try await docket("show 1 --json").output
            #expect(!shown.contains("nots") && shown.contains(#""/dev/lp0 is full""#), "\(shown)")
            #expect(try await server.stop() == 0)
        }

        @Test("A contact is found by a name that begins like a number, and by a short external id")
        func contacts() async throws {
            let server = try await TestServer.start(in: folder)
            #expect(try await docket("contact create", "3M Support").status == 0)
            #expect(try await docket("contact create", "@ana:example.org").status == 0)
            for name in ["3M Support", "3", "@ana:example.org", "@ana"] {
                let found = try await docket("contact show", name)
                #expect(found.status == 0, "\(name): \(found.log)")
            }
            let nobody = try await docket("contact show", "42")
            #expect(nobody.status == 5, "\(nobody)")
            #expect(try await server.stop() == 0)
        }
    }
}
