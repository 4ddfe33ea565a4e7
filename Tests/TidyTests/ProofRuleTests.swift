import Testing

@Suite("What is covered, and what was found, is written down with its proofs")
struct ProofRuleTests {
    private let rule = ProofRule.coverage

    private func findings(_ rows: String) -> [String] {
        let page = TextFile(path: rule.page, text: "- views: folders\n\n" + rows)
        let test = TextFile(
            path: "Tests/HallTests/A.swift",
            text: "@Test(\n    \"A door opens\"\n)\n@Suite(\"Doors\")\n"
        )
        return rule.unproven(in: Repository(files: [page, test])).map(\.advice)
            .filter { !$0.hasPrefix("add a row") }
    }

    @Test("Every feature of the five desks is proven or waits for something")
    func coverage() throws {
        try expectRepositoryKeeps(ProofRule.coverage.unproven)
    }

    @Test("Everything that was found from outside is held by something, or waits for something")
    func outside() throws {
        try expectRepositoryKeeps(ProofRule.findings.unproven)
    }

    @Test("A row with tests or files that exist, or a subject that is listed, is right")
    func proven() {
        #expect(findings("| C1 | a | \"A door opens\"; \"Doors\" |\n") == [])
        #expect(findings("| C1 | a | `Tests/HallTests/A.swift`; \"Doors\" |\n") == [])
        #expect(findings("| C1 | a | later: views |\n") == [])
    }

    @Test("A row without a proof, with a test or file that is not there, or of nothing is found")
    func unproven() {
        #expect(findings("| C1 | a |  |\n").count == 1)
        #expect(findings("| C1 | a | \"A door shuts\" |\n").count == 1)
        #expect(findings("| C1 | a | `Tests/HallTests/B.swift` |\n").count == 1)
        #expect(findings("| C1 | a | later: windows |\n").count == 1)
        #expect(findings("| C99 | a | later: views |\n").count == 1)
        #expect(findings("| C1 | a | later: views |\n| C1 | a | later: views |\n").count == 1)
    }

    @Test("A thing without a row is found")
    func missing() {
        let page = TextFile(path: rule.page, text: "# nothing\n")
        let all = rule.unproven(in: Repository(files: [page]))
        #expect(all.count == rule.counts.map(\.count).reduce(0, +))
    }
}
