import Testing

@testable import DocketTerminal

@Suite("Text for a terminal")
struct TerminalTextTests {
    @Test(
        "Whatever a terminal would obey, hide or reorder becomes visible",
        arguments: [
            ("a\u{1B}[2Jb", "a␛[2Jb"),
            ("\u{1B}]52;c;aGk=\u{07}", "␛]52;c;aGk=␇"),
            ("a\u{0}b\u{8}c\u{7F}d", "a␀b␈c␡d"),
            ("a\u{9B}31mb\u{85}c", "a�31mb�c"),
            ("\u{202E}evil\u{202C}", "�evil�"),
            ("\u{2066}x\u{2069}\u{61C}", "�x��"),
            ("pass\u{200B}word\u{200C}\u{200E}\u{200F}\u{2060}", "pass�word����"),
            ("a\u{2028}b\u{2029}c", "a�b�c"),
            ("\u{FEFF}bom", "�bom"),
            ("\u{E0001}\u{E0041}", "��"),
            ("\u{E000}\u{F0000}\u{10FFFF}", "���"),
            ("\u{115F}\u{3164}\u{AD}\u{34F}", "����"),
            ("a\u{200D}b", "a�b"),
            ("one\r\ntwo\rthree", "one\ntwo␍three"),
            ("a\tb", "a    b"),
        ]
    )
    func neutralises(hostile: String, shown: String) {
        #expect(TerminalText(untrusted: hostile).plainText == shown)
    }

    @Test(
        "Text that only prints stays as it is",
        arguments: [
            "plain", "Grüße, naïve, Ελλάδα, Привет", "漢字かな한국어", "שלום مرحبا", "é e\u{301}",
            "👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 1️⃣ ❤️", "क्षत्रिय", "葛\u{E0100}", "line\nline",
        ]
    )
    func keeps(text: String) {
        #expect(TerminalText(untrusted: text).plainText == text)
    }

    @Test("Bytes that are not UTF-8 become U+FFFD")
    func decodesBytes() {
        let text = TerminalText(untrustedBytes: [0x61, 0xFF, 0x62, 0xE2, 0x82])
        #expect(text.plainText == "a�b�")
    }

    @Test("A base keeps eight combining marks and no more", arguments: [7, 8, 9, 10_000])
    func boundsMarks(count: Int) {
        let stack = "e" + String(repeating: "\u{301}", count: count) + "x"
        let shown = TerminalText(untrusted: stack).plainText
        #expect(shown.unicodeScalars.count == 2 + min(count, 8))
        #expect(GlyphWidth.cells(of: shown) == 2)
    }

    @Test("A mark without a base gets one, so it cannot draw on another field")
    func groundsMarks() {
        let name = TerminalText(untrusted: "\u{301}x", as: .field)
        #expect(("ok" + name).plainText == "ok\u{25CC}\u{301}x")
        #expect(TerminalText(untrusted: "a\n\u{301}").plainText == "a\n\u{25CC}\u{301}")
    }

    @Test("The end of a Hangul syllable without its beginning becomes visible")
    func showsFragments() {
        #expect(TerminalText(untrusted: "x\u{11A8}").plainText == "x\u{FFFD}")
        #expect(TerminalText(untrusted: "\u{1161}").plainText == "\u{25CC}\u{FFFD}")
    }

    @Test("A grapheme of very many scalars is ended visibly")
    func boundsGraphemes() {
        let conjunct = String(repeating: "क्", count: 1000)
        let family = String(repeating: "👩‍", count: 1000) + "👩"
        for text in [conjunct, family, String(repeating: "\u{1100}", count: 1000)] {
            let shown = TerminalText(untrusted: text).plainText
            let longest = shown.map(\.unicodeScalars.count).max() ?? 0
            #expect(longest <= TextFilter.maximumGraphemeScalars)
            #expect(shown.contains("\u{FFFD}"))
        }
    }

    @Test("A line at the limit is whole, one beyond it is cut with an ellipsis")
    func boundsLines() {
        let limit = TerminalText.maximumLineLength
        let whole = String(repeating: "x", count: limit)
        #expect(TerminalText(untrusted: whole).plainText == whole)
        #expect(TerminalText(untrusted: whole + "y").plainText == whole + "…")
    }

    @Test("A message at the limit of lines is whole, one beyond it tells how many are missing")
    func boundsLineCount() {
        let limit = TerminalText.maximumLines
        let whole = Array(repeating: "x", count: limit).joined(separator: "\n")
        #expect(TerminalText(untrusted: whole).plainText == whole)
        let shown = TerminalText(untrusted: whole + "\ny\nz").plainText
        #expect(shown == whole + "\n… (2 more lines)")
    }

    @Test("A field is one line of bounded length")
    func boundsFields() {
        #expect(TerminalText(untrusted: "a\nb\r\nc", as: .field).plainText == "a␊b␊c")
        let limit = TerminalText.maximumFieldLength
        let whole = String(repeating: "x", count: limit)
        #expect(TerminalText(untrusted: whole, as: .field).plainText == whole)
        #expect(TerminalText(untrusted: whole + "y", as: .field).plainText == whole + "…")
    }

    @Test("Values in our own words are filtered as fields, and texts keep their styles")
    func interpolates() {
        let name = "Eve\u{1B}[31m\n"
        let text: TerminalText = "● \(name) wrote \(3) in \(TerminalText("red").coloured(.red))"
        #expect(text.plainText == "● Eve␛[31m␊ wrote 3 in red")
        #expect(text.encoded(colours: true).hasSuffix(" in \u{1B}[31mred\u{1B}[0m"))
    }

    @Test("Not even our own literal carries an escape")
    func filtersLiterals() {
        let text: TerminalText = "\u{1B}[31mred"
        #expect(text.plainText == "␛[31mred")
    }

    @Test("Styles are set before a run and reset after it; without colours emphasis stays")
    func encodesStyles() {
        let text = "a" + TerminalText("b").bold.coloured(.cyan) + TerminalText("c").dim + "d"
        #expect(text.encoded(colours: true) == "a\u{1B}[1;36mb\u{1B}[0m\u{1B}[2mc\u{1B}[0md")
        #expect(text.encoded(colours: false) == "a\u{1B}[1mb\u{1B}[0m\u{1B}[2mc\u{1B}[0md")
        #expect(text.plainText == "abcd")
    }

    @Test(
        "Truncation keeps what fits and ends with an ellipsis",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""),
            ("漢字", 4, "漢字"), ("漢字", 3, "漢…"), ("漢字", 2, "…"), ("a\nb", 9, "a…"),
            ("", 3, ""),
        ]
    )
    func truncates(text: String, columns: Int, shown: String) {
        #expect(TerminalText(untrusted: text).truncated(to: columns).plainText == shown)
    }

    @Test("Any bytes at all become text without anything a terminal obeys or hides")
    func filtersNoise() {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let bytes = random.hostileBytes(count: 400)
            let text = TerminalText(untrustedBytes: bytes)
            for character in text.plainText where character != "\n" {
                let kinds = character.unicodeScalars.map { ScalarKind($0) }
                let isHarmless = kinds.allSatisfy {
                    [.visible, .emoji, .mark, .joiner].contains($0)
                }
                let isVisible = GlyphWidth.cells(of: character) > 0
                #expect(isHarmless && isVisible, "DOCKET_SEED=\(random.seed): \(character)")
            }
            let again = TerminalText(untrusted: text.plainText)
            #expect(again.plainText == text.plainText, "DOCKET_SEED=\(random.seed)")
        }
    }
}
