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

        @Test("A seed gives the same run each time, in one process and in another")
        func determinism() async throws {
            _ = try await simulate("--seeds", "1..20", "--check-determinism")
            for seed in ["3", "7"] {
                let first = try await simulate("--seed", seed, "--trace")
                #expect(try await simulate("--seed", seed, "--trace") == first)
            }
        }
    }
}
