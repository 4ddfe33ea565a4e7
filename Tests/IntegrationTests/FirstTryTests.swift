import Testing

extension IntegrationTests {
    @Suite("A first try goes as the pages say")
    struct FirstTryTests {
        private func run(
            _ program: String,
            _ arguments: [String],
            input: String = "",
            in folder: TestFolder
        ) async throws -> String {
            let program = try Program(
                Program.built(program),
                arguments + ["--credentials", folder("data/dev-credentials.json")],
                input: input,
                in: folder
            )
            let status = try await program.ended()
            #expect(status == 0, "\(arguments): \(program.log)")
            return program.output
        }

        @Test("Without a number the request that waits longest is answered, which assigns it")
        func answer() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            for name in ["ana", "bo"] {
                let profile = ["--profile", name]
                _ = try await run("docket-chat", ["send", "from \(name)"] + profile, in: folder)
            }
            _ = try await run("docket", ["answer", "--plain"], input: "Hello\n", in: folder)
            let mine = try await run("docket", ["queue", "--mine", "--json"], in: folder)
            #expect(mine.contains("from ana") && !mine.contains("from bo"), "\(mine)")
            #expect(try await server.stop() == 0)
        }

        @Test("A later start needs a certificate, or --dev again")
        func laterStart() async throws {
            let folder = try TestFolder()
            #expect(try await TestServer.start(in: folder).stop() == 0)
            let options = ["--data", folder("data"), "--listen", "127.0.0.1:0"]
            let bare = try Program(TestServer.executable, ["serve"] + options, in: folder)
            #expect(try await bare.ended() != 0)
            #expect(bare.log.contains("--certificate"), "\(bare.log)")
            #expect(try await TestServer.start(in: folder).stop() == 0)
        }
    }
}
