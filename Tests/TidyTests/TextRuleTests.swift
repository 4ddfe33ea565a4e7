import Testing

@Suite("Texts are clean")
struct TextRuleTests {
    private func blanks(_ text: String) -> [Int] {
        TextRule.blanks(in: TextFile(path: "Sources/Hall/Sample.swift", text: text)).map(\.line)
    }

    private func paths(_ line: String) -> Int {
        TextRule.machinePaths(in: TextFile(path: "README.md", text: "\(line)\n")).count
    }

    @Test("The repository's texts have no stray blanks and end with one line break")
    func repositoryBlanks() throws {
        try expectEveryFileKeeps(TextRule.blanks)
    }

    @Test("The repository names no path of somebody's machine")
    func repositoryPaths() throws {
        try expectEveryFileKeeps(TextRule.machinePaths)
    }

    @Test("Stray blanks are found")
    func strayBlanks() {
        #expect(blanks("let a = 1\nlet b = 2 \n\tlet c = 3\nlet d = 4\r\n") == [2, 3, 4])
        #expect(blanks("let a = 1\n") == [])
        #expect(blanks("") == [])
    }

    @Test("A wrong end of the file is found")
    func wrongEnd() {
        #expect(blanks("let a = 1") == [1])
        #expect(blanks("let a = 1\n\n") == [2])
    }

    @Test(
        "A path of somebody's machine is found",
        arguments: ["see /home/somebody/docket", "\"/tmp/docket.sock\"", "/opt/tool/bin"]
    )
    func machinePaths(line: String) {
        #expect(paths(line) == 1)
    }

    @Test(
        "Paths of the system, of the repository and of the web are left alone",
        arguments: ["#!/usr/bin/python3", "Sources/work/One.swift", "https://example.com/home/"]
    )
    func otherPaths(line: String) {
        #expect(paths(line) == 0)
    }
}
