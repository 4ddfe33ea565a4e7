import Testing

extension IntegrationTests {
    @Suite("The client library keeps its promises in random scripts of faults")
    struct SimulationTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        /// Runs the simulation, and gives what it prints.
        private func simulate(_ arguments: String...) async throws -> String {
            let program = try Program(Program.built("docket-simulation"), arguments, in: folder)
            let status = try await program.ended(within: .seconds(300))
            #expect(status == 0, "\(program.output)\(program.log)")
            return program.output
        }

        @Test("Scripts of many seeds run, and all is as it should be")
        func seeds() async throws {
            let output = try await simulate("--seeds", "1..100")
            #expect(output.hasSuffix("100 seeds, 0 failures []\n"))
        }

        /// What failed once, as small as it could be made: a seed, and the steps of its script.
        private static let failures = [
            ("140", "39,41,42,43,47,49"), ("373", "23,27,32,36,37"),
            ("1415", "1,4,6,7,42,50"), ("3956", "4,6,7,16,18,19,31"),
            ("4025", "2,6,7,10,12,13,19"), ("4030", "0,4,10,36,42"), ("2813", "1,8,25,26,27"),
            ("3077", "17,18,23,26,31,33,35"), ("4982", "10,14,15,17,20,31,33"),
            ("5", "15,16,21"), ("4454", "38,39,40,41,51,53"), ("4750", "8,10,13,25,26"),
            ("1769", (0...47).map(String.init).joined(separator: ",")),
        ]

        @Test("Scripts that once failed do not fail again", arguments: failures)
        func regressions(_ seed: String, _ steps: String) async throws {
            let output = try await simulate("--seed", seed, "--steps", steps)
            #expect(output == "seed \(seed): all is well\n")
        }

        @Test("A seed gives the same run each time, in one process and in another")
        func determinism() async throws {
            _ = try await simulate("--seeds", "1..20", "--check-determinism")
            for seed in ["3", "7"] {
                let first = try await simulate("--seed", seed, "--trace")
                #expect(try await simulate("--seed", seed, "--trace") == first)
            }
        }
    }

    @Suite("The desk keeps what it acknowledged in random scripts of faults")
    struct DeskSimulationTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        /// Runs the simulation, and gives what it prints.
        private func simulate(_ arguments: String...) async throws -> String {
            let path = try Program.built("docket-desk-simulation")
            let program = try Program(path, arguments, in: folder)
            let status = try await program.ended(within: .seconds(300))
            #expect(status == 0, "\(program.output)\(program.log)")
            return program.output
        }

        @Test("Scripts of some seeds run twice, alike, and all is as it should be")
        func seeds() async throws {
            let output = try await simulate("--seeds", "1..20", "--check-determinism")
            #expect(output.hasSuffix("20 seeds, 0 failures []\n"))
        }

        @Test("A seed gives the same run in one process and in another")
        func determinism() async throws {
            let first = try await simulate("--seed", "7", "--trace")
            #expect(try await simulate("--seed", "7", "--trace") == first)
        }

        @Test("Processes that are killed leave a store from which everything goes on")
        func kills() async throws {
            let output = try await simulate("kills", "--count", "3", "--seed", "3")
            #expect(output.hasPrefix("3 kills"), "\(output)")
        }
    }
}
