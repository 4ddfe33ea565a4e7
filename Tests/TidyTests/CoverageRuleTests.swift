import Testing

@Suite("What is covered is written down, feature by feature")
struct CoverageRuleTests {
    private func findings(_ rows: String) -> [String] {
        let page = TextFile(path: CoverageRule.page, text: "- views: folders\n\n" + rows)
        let test = TextFile(
            path: "Tests/HallTests/A.swift",
            text: "@Test(\n    \"A door opens\"\n)\n@Suite(\"Doors\")\n"
        )
        return CoverageRule.unproven(in: Repository(files: [page, test])).map(\.advice)
            .filter { !$0.hasPrefix("add a row") }
    }

    @Test("Every feature of the repository's page is proven or waits for something")
    func repository() throws {
        try expectRepositoryKeeps(CoverageRule.unproven)
    }

    @Test("A row with tests that there are, or a subject that is listed, is right")
    func proven() {
        #expect(findings("| C1 | a | \"A door opens\"; \"Doors\" |\n") == [])
        #expect(findings("| C1 | a | later: views |\n") == [])
    }

    @Test("A row without a proof, with a test that there is not, or of no feature is found")
    func unproven() {
        #expect(findings("| C1 | a |  |\n").count == 1)
        #expect(findings("| C1 | a | \"A door shuts\" |\n").count == 1)
        #expect(findings("| C1 | a | later: windows |\n").count == 1)
        #expect(findings("| C99 | a | later: views |\n").count == 1)
        #expect(findings("| C1 | a | later: views |\n| C1 | a | later: views |\n").count == 1)
    }

    @Test("A feature without a row is found")
    func missing() {
        let page = TextFile(path: CoverageRule.page, text: "# nothing\n")
        let all = CoverageRule.unproven(in: Repository(files: [page]))
        #expect(all.count == CoverageRule.features.map(\.1).reduce(0, +))
    }
}
