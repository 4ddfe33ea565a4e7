import Testing

@testable import DocketTerminal

@Suite("Paragraphs")
struct ParagraphTests {
    private func rows(
        _ text: String,
        columns: Int,
        lead: TerminalText = "",
        indent: TerminalText = ""
    ) -> [String] {
        let paragraph = Paragraph(TerminalText(untrusted: text), lead: lead, indent: indent)
        return paragraph.rows(columns: columns).map(\.plainText)
    }

    @Test("What stands before a row keeps the end that divides it from the text")
    func shortenedLead() {
        let note = Paragraph("she is in a hurry", lead: "14:03 - note by Agent Smith: ")
        #expect(note.rows(columns: 40)[0].plainText == "14:03 - note by A…: she is in a hurry")
        let rich = Paragraph("Hello there", lead: "14:03 Agent Smith of the desk  ")
        #expect(rich.rows(columns: 40)[0].plainText == "14:03 Agent Smith…  Hello there")
    }

    @Test("Rows break between words, and the spaces there go")
    func wrapsWords() {
        #expect(rows("the quick brown fox", columns: 10) == ["the quick", "brown fox"])
        #expect(rows("the quick  brown fox", columns: 11) == ["the quick ", "brown fox"])
        #expect(rows("exactly10!", columns: 10) == ["exactly10!"])
        #expect(rows("exactly10! x", columns: 10) == ["exactly10!", "x"])
    }

    @Test("A word longer than a row is broken where the row ends")
    func breaksLongWords() {
        #expect(rows("abcdefghijklmno", columns: 10) == ["abcdefghij", "klmno"])
        #expect(rows("  abcdefghijklmno", columns: 10) == ["  abcdefgh", "ijklmno"])
    }

    @Test("A wide grapheme never straddles two rows")
    func wrapsWideGraphemes() {
        #expect(rows("漢字漢字漢字", columns: 11) == ["漢字漢字漢", "字"])
    }

    @Test("Every row after the first begins with the indent, so no text can look like another's")
    func indentsRows() {
        let shown = rows("hi\nBob: yes\n\nand more words", columns: 12, lead: "Ana: ", indent: "| ")
        #expect(shown == ["Ana: hi", "| Bob: yes", "| ", "| and more", "| words"])
    }

    @Test("An empty text is one row")
    func showsEmptyText() {
        #expect(rows("", columns: 20, lead: "Ana: ") == ["Ana: "])
    }

    @Test("What stands before a row takes at most half of it")
    func boundsLead() {
        let shown = rows("body text", columns: 10, lead: "a very long name: ", indent: "very long")
        #expect(shown == ["a …: body", "very…text"])
    }

    @Test("A grapheme wider than the row is shown as something that fits")
    func replacesTooWideGraphemes() {
        let wide = "क्क्क्क्क्क्क्क्क्क"
        #expect(GlyphWidth.cells(of: wide) > 5)
        let shown = rows(wide, columns: 10, lead: "12345")
        #expect(shown.first == "12345\u{FFFD}")
    }

    @Test("No row is wider than the screen, whatever the text", arguments: [10, 20, 33, 80, 400])
    func fitsAnyText(columns: Int) {
        var random = SeededGenerator()
        for _ in 0..<40 {
            let text = TerminalText(untrustedBytes: random.hostileBytes(count: 500))
            let paragraph = Paragraph(text, lead: "12:04 Ana  ", indent: "       │ ")
            let widest = paragraph.rows(columns: columns).map(\.width).max() ?? 0
            #expect(widest <= columns, "DOCKET_SEED=\(random.seed)")
        }
    }
}
