import Testing

@Suite("Code is told from comments and literals")
struct SourceScannerTests {
    private func code(_ text: String, _ language: SourceScanner.Language = .swift) -> [String] {
        SourceScanner.split(text, language).code.map(\.trimmed)
    }

    @Test("Comments are no code, and code is no comment")
    func comments() {
        let result = SourceScanner.split("let a /* b /* c */ d */ = 1 // e\nlet f", .swift)
        #expect(result.code.map { $0.filter { $0 != " " } } == ["leta=1", "letf"])
        #expect(result.comments.map(\.trimmed) == ["/* b /* c */ d */     // e", ""])
    }

    @Test("C's comments do not nest, and a character may be a quote")
    func c() {
        #expect(code("/* a /* b */ c = '\"'; d", .c) == ["c = ' '; d"])
    }

    @Test(
        "What literals say is no code",
        arguments: [
            #"f("a // b") // c"#, ##"f(#"a" // b"#)"##, #"f("a \" // b")"#, #"f("a \\") // b"#,
        ]
    )
    func literals(text: String) {
        let line = code(text)[0]
        #expect(line.hasPrefix("f(") && line.hasSuffix(")"))
        #expect(!line.contains("a") && !line.contains("//"))
    }

    @Test("What stands in an interpolation is code, with literals of its own")
    func interpolation() {
        #expect(code(#""a \(b("c \(d)") + e) f" + g"#) == [#""  \(b("  \(d)") + e)  " + g"#])
        #expect(code(##"#"a \(b) \#(c)"# + d"##) == [##"#"       \#(c)"# + d"##])
    }

    @Test("Literals over several lines keep their lines")
    func severalLines() {
        let quotes = "\"\"\""
        let text = "a\n\(quotes)\nb \"c\" // d\n\(quotes)\ne"
        #expect(code(text) == ["a", quotes, "", quotes, "e"])
    }

    @Test("A source that ends within a comment or a literal is read to its end")
    func unfinished() {
        #expect(code("a /* b") == ["a"])
        #expect(code("a \"b\\") == ["a \""])
    }
}
