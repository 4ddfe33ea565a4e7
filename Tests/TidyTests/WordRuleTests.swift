import Testing

@Suite("Words say what is")
struct WordRuleTests {
    private func swift(_ text: String) -> TextFile {
        TextFile(path: "Sources/Hall/Sample.swift", text: text)
    }

    @Test("The repository has no banned word")
    func repositoryWords() throws {
        try expectEveryFileKeeps(WordRule.bannedWords)
    }

    @Test("The repository's names are not abbreviated")
    func repositoryNames() throws {
        try expectEveryFileKeeps(WordRule.abbreviations)
    }

    @Test(
        "A banned word is found in comments, texts and documents",
        arguments: [
            "// TODO: paint", "// FIXME", "let text = \"XXX\"", "/// Good enough For now.",
            "// Not yet implemented.", "let placeholder = 1", "/// A key that is none.",
            "// Entries of before", "let text = \"everything is so already\"",
        ]
    )
    func words(line: String) {
        #expect(WordRule.bannedWords(in: swift("let one = 1\n\(line)\n")).map(\.line) == [2])
        let document = TextFile(path: "README.md", text: "# One\n\(line)\n")
        #expect(WordRule.bannedWords(in: document).map(\.line) == [2])
    }

    @Test(
        "What may end the process is found in code",
        arguments: [
            "let a = try! read()", "let b = c as! Int", "fatalError(\"\")", "import XCTest",
            "let d = \"\\(try! read())\"",
        ]
    )
    func traps(line: String) {
        #expect(WordRule.bannedWords(in: swift("\(line)\n")).count == 1)
    }

    @Test(
        "What only resembles a banned word is left alone",
        arguments: [
            "// never try! this at home", "let mastodon = 1", "let a = \"as! b\"", "// for nowhere",
            "let basis = a as? Basis",
        ]
    )
    func innocent(line: String) {
        #expect(WordRule.bannedWords(in: swift("\(line)\n")) == [])
    }

    @Test(
        "An abbreviation is found in every part of a name",
        arguments: ["let msgCount = 1", "func sendReq() {}", "let HTTPConn = 1", "var idx2 = 0"]
    )
    func abbreviations(line: String) {
        #expect(WordRule.abbreviations(in: swift("\(line)\n")).count == 1)
    }

    @Test("An abbreviation in the name of a file is found")
    func fileName() {
        let file = TextFile(path: "Sources/Hall/StringUtils.swift", text: "let one = 1\n")
        #expect(WordRule.abbreviations(in: file).map(\.line) == [1])
    }

    @Test("Names of C, whole words and comments are left alone")
    func wholeNames() {
        let text = "SSL_ctx_msg(length, message, 0xD7CB) // msg\nlet text = \"msg\"\n"
        #expect(WordRule.abbreviations(in: swift(text)) == [])
    }

    @Test("Names are taken apart at their capitals")
    func camelCase() {
        #expect(
            WordRule.words(of: "maximumTLSRecord2Size") == ["maximum", "tls", "record", "size"]
        )
        #expect(WordRule.words(of: "URL") == ["url"])
        #expect(WordRule.words(of: "isAFrame") == ["is", "a", "frame"])
    }
}
