import Testing

@Suite("The registry of reasons says what happens")
struct RegistryRuleTests {
    private let registry = TextFile(
        path: "Protocol/errors.yaml",
        text: "reasons:\n  - reason: key_reused\n    code: X\n  - reason: timeout\n"
    )

    private func lines(_ code: String, path: String = "Sources/Hall/A.swift") -> [Int] {
        let repository = Repository(files: [registry, TextFile(path: path, text: code)])
        return RegistryRule.neverGiven(in: repository).map(\.line)
    }

    @Test("Every reason of the repository is given somewhere")
    func repository() throws {
        try expectRepositoryKeeps(RegistryRule.neverGiven)
    }

    @Test("An error made of a reason gives it, whatever the line breaks")
    func given() {
        #expect(lines("let a = RPCError(\n    .keyReused,\n    \"used\"\n)\n") == [4])
        #expect(lines("self.init(.timeout)\nthrow .field(.keyReused, \"a\")\n") == [])
        #expect(lines("RPCError(isLate ? .timeout : .keyReused, \"late\")\n") == [])
    }

    @Test("A reason that is compared with, named in a comment, or a part of another is not given")
    func notGiven() {
        #expect(lines("if error.reason == .keyReused { throw Late(.timeout) }\n") == [2, 4])
        #expect(lines("// RPCError(.keyReused, a)\nlet a = RPCError(.timeouts)\n") == [2, 4])
        #expect(lines("RPCError(.keyReused)", path: "Tests/HallTests/A.swift") == [2, 4])
        #expect(lines("// Do not edit.\nRPCError(.keyReused)\n") == [2, 4])
    }
}
