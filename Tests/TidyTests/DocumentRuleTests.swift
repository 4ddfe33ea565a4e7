import Testing

@Suite("Documents hold together")
struct DocumentRuleTests {
    private func document(_ text: String, at path: String = "Guides/One.md") -> TextFile {
        TextFile(path: path, text: text)
    }

    private func repository(_ files: TextFile...) -> Repository {
        Repository(files: files)
    }

    private func deadLinks(_ line: String) -> Int {
        let file = document("# One\n\(line)\n")
        let other = document("# Two\n\n## A part: of `it`\n", at: "Guides/Two.md")
        return DocumentRule.deadLinks(in: file, of: repository(file, other)).count
    }

    @Test("Every document of the repository has one title")
    func repositoryTitles() throws {
        try expectEveryFileKeeps(DocumentRule.titles)
    }

    @Test("Every link of the repository leads somewhere")
    func repositoryLinks() throws {
        try expectRepositoryKeeps { repository in
            repository.files.flatMap { DocumentRule.deadLinks(in: $0, of: repository) }
        }
    }

    @Test("The repository has a change log in its shape")
    func repositoryChangeLog() throws {
        let file = try #require(try Repository.current.get().file("CHANGELOG.md"))
        try expectRepositoryKeeps { _ in DocumentRule.changeLog(file) }
    }

    @Test("A document without a title, with two, or with a late one is found")
    func titles() {
        #expect(DocumentRule.titles(in: document("# One\n```\n# Not a title\n```\n")) == [])
        #expect(DocumentRule.titles(in: document("One\n")).map(\.line) == [1])
        #expect(DocumentRule.titles(in: document("One\n# Two\n")).map(\.line) == [2])
        #expect(DocumentRule.titles(in: document("# One\n\n# Two\n")).map(\.line) == [3])
    }

    @Test(
        "A link that leads nowhere is found",
        arguments: [
            "[a](Three.md)", "[a](../../Two.md)", "[a](Two.md#another)", "[a](#nowhere)",
            "[a](/Guides/One.md/x)",
        ]
    )
    func dead(line: String) {
        #expect(deadLinks(line) == 1)
    }

    @Test(
        "A link that leads somewhere is left alone",
        arguments: [
            "[a](Two.md)", "[a](./Two.md#a-part-of-it)", "[a](../Guides)", "[a](#one)",
            "[a](https://example.com)", "`[a](Three.md)`",
        ]
    )
    func alive(line: String) {
        #expect(deadLinks(line) == 0)
    }

    @Test("A change log out of shape is found")
    func changeLog() {
        let parts = "### Safety And Performance\n### Features\n### Internals\n"
        let good = "# Changes\n## Unreleased\n\(parts)## 1.0.0\n\(parts)"
        #expect(DocumentRule.changeLog(document(good)) == [])
        let late = "# Changes\n## 1.0.0\n\(parts)"
        #expect(DocumentRule.changeLog(document(late)).map(\.line) == [1])
        let poor = "# Changes\n## Unreleased\n### Features\n"
        #expect(DocumentRule.changeLog(document(poor)).map(\.line) == [2])
    }
}
