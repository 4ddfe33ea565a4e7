import Testing

@testable import DocketTerminal

@Suite("The width of graphemes")
struct GlyphWidthTests {
    @Test(
        "A grapheme takes the cells that terminals give it",
        arguments: [
            ("a", 1), ("é", 1), ("e\u{301}\u{302}", 1), ("漢", 2), ("ｗ", 2), ("한", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("ｱ", 1), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2),
            ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("1\u{FE0F}\u{20E3}", 2), ("…", 1), ("●", 1),
            ("→", 1), ("א", 1), ("क्ष", 2), ("\u{25CC}\u{301}", 1), ("⌚", 2), ("〈", 2),
        ]
    )
    func measures(grapheme: String, cells: Int) {
        #expect(GlyphWidth.cells(of: grapheme) == cells)
    }

    @Test("The width of a line is the sum of its graphemes")
    func sums() {
        #expect(TerminalText(untrusted: "añ漢👍").width == 6)
        #expect(TerminalText(untrusted: "").width == 0)
    }
}
