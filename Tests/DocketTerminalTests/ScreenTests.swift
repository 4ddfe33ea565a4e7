import Testing

@testable import DocketTerminal

@Suite("The screen")
struct ScreenTests {
    /// A screen and the terminal it draws on.
    private struct Display {
        var screen: Screen
        var terminal: VirtualTerminal
        var prompt: Prompt

        init(
            columns: Int,
            rows: Int = 12,
            status: TerminalText = "● live",
            placement: Prompt.StatusPlacement = .above,
            measure: @escaping (Character) -> Int = GlyphWidth.cells(of:)
        ) {
            screen = Screen(size: TerminalSize(columns: columns, rows: rows), colours: true)
            terminal = VirtualTerminal(columns: columns, rows: rows, measure: measure)
            prompt = Prompt(Draft(), status: status, placement: placement)
            terminal.feed(screen.show(prompt))
        }

        mutating func write(_ draft: Draft, printing paragraphs: [Paragraph] = []) {
            prompt.draft = draft
            terminal.feed(screen.show(prompt, printing: paragraphs))
        }

        mutating func print(_ text: String) {
            terminal.feed(screen.print([Paragraph(TerminalText(untrusted: text))]))
        }

        mutating func resize(columns: Int, rows: Int = 12) {
            terminal.resize(columns: columns, rows: rows)
            terminal.feed(screen.resize(to: TerminalSize(columns: columns, rows: rows)))
        }

        /// The text left of the cursor in its row.
        var beforeCursor: String {
            let row = terminal.screen[terminal.cursorRow]
            return String(row.prefix(terminal.cursorColumn))
        }
    }

    private func draft(_ text: String, cursor: Int? = nil) -> Draft {
        var draft = Draft(text)
        draft.move(to: cursor ?? draft.cursor)
        return draft
    }

    @Test("A prompt with its status line above, and the cursor behind the draft")
    func showsPrompt() {
        var display = Display(columns: 30)
        display.write(draft("hello"))
        #expect(display.terminal.screen == ["● live", "> hello"])
        #expect(display.terminal.cursorRow == 1 && display.terminal.cursorColumn == 7)
        #expect(display.terminal.violations.isEmpty && display.terminal.wrapsByItself)
    }

    @Test("The status line may stand below the draft, and there may be none")
    func placesStatus() {
        var display = Display(columns: 30, placement: .below)
        display.write(draft("one\ntwo", cursor: 2))
        #expect(display.terminal.screen == ["> one", "  two", "● live"])
        #expect(display.terminal.cursorRow == 0 && display.terminal.cursorColumn == 4)
        display.prompt.status = ""
        display.write(draft("x"))
        #expect(display.terminal.screen == ["> x"])
    }

    @Test("A long status line is shortened")
    func shortensStatus() {
        let display = Display(columns: 20, status: "○ offline – retry in 8 s · 2 queued")
        #expect(display.terminal.screen == ["○ offline – retry i…", ">"])
    }

    @Test("Text that arrives appears above, and the half-typed draft stays with its cursor")
    func printsAbove() {
        var display = Display(columns: 20)
        display.write(draft("half a thought", cursor: 6))
        display.print("Ana: hello there, how are you?")
        let expected = ["Ana: hello there,", "  how are you?", "● live", "> half a thought"]
        #expect(display.terminal.screen == expected)
        #expect(display.beforeCursor == "> half a")
        #expect(display.terminal.violations.isEmpty)
    }

    @Test("A draft wider than the screen wraps, and the cursor stands where it belongs")
    func wrapsDraft() {
        var display = Display(columns: 20)
        display.write(draft("abcdefghijklmnopqrs漢字漢"))
        #expect(display.terminal.screen == ["● live", "> abcdefghijklmnopq", "  rs漢字漢"])
        #expect(display.terminal.cursorRow == 2 && display.terminal.cursorColumn == 10)
        display.write(draft("abcdefghijklmnopqrs", cursor: 17))
        #expect(display.terminal.cursorRow == 2 && display.terminal.cursorColumn == 2)
        display.write(draft("abcdefghijklmnopq"))
        #expect(display.terminal.screen == ["● live", "> abcdefghijklmnopq"])
        #expect(display.terminal.cursorRow == 1 && display.terminal.cursorColumn == 19)
    }

    @Test("A draft taller than half of the screen is scrolled to its cursor, with arrows")
    func scrollsDraft() {
        let text = (1...10).map(String.init).joined(separator: "\n")
        var display = Display(columns: 20, rows: 8)
        display.write(draft(text))
        #expect(display.terminal.screen == ["● live", "↑ 7", "  8", "  9", "  10"])
        display.write(draft(text, cursor: 0))
        #expect(display.terminal.screen == ["● live", "> 1", "  2", "  3", "↓ 4"])
        display.write(draft(text, cursor: 8))
        #expect(display.terminal.screen == ["● live", "↑ 3", "  4", "  5", "↓ 6"])
        #expect(display.terminal.cursorRow == 3 && display.terminal.cursorColumn == 2)
    }

    @Test("A screen of one or two rows shows the draft alone", arguments: [1, 2])
    func fitsLowScreens(rows: Int) {
        var display = Display(columns: 20, rows: rows)
        display.write(draft("a\nb\nc"))
        display.print("news")
        #expect(display.terminal.screen.last == "↑ c")
        #expect(display.terminal.violations.isEmpty)
    }

    @Test("Nothing is written when nothing changes")
    func writesNothing() {
        var display = Display(columns: 20)
        #expect(display.screen.show(display.prompt).isEmpty)
        #expect(display.screen.print([]).isEmpty)
    }

    @Test("The prompt goes away without a trace and comes back")
    func hidesPrompt() {
        var display = Display(columns: 20)
        display.write(draft("draft"), printing: [Paragraph("news")])
        display.terminal.feed(display.screen.hidePrompt())
        #expect(display.terminal.screen == ["news"])
        #expect(display.terminal.cursorRow == 1 && display.terminal.cursorColumn == 0)
        display.write(draft("draft"))
        #expect(display.terminal.screen == ["news", "● live", "> draft"])
    }

    @Test("Repainting restores a spoiled screen")
    func repaints() {
        var display = Display(columns: 20, rows: 6)
        for number in 1...9 {
            display.print("line \(number)")
        }
        display.write(draft("draft", cursor: 2))
        display.terminal.feed(Array("garbage\r\nmore".utf8))
        display.terminal.feed(display.screen.repaint())
        let expected = ["line 6", "line 7", "line 8", "line 9", "● live", "> draft"]
        #expect(display.terminal.screen == expected)
        #expect(display.beforeCursor == "> dr")
    }

    @Test(
        "A resize in the middle of a draft leaves one prompt and every printed line",
        arguments: [(80, 20), (80, 39), (40, 80), (33, 21), (20, 400), (400, 20)]
    )
    func resizes(before: Int, after: Int) {
        var display = Display(columns: before, status: "○ offline – retry in 8 s")
        display.print("first line, long enough to be wrapped on a narrow screen")
        let text = "a draft of some words that wraps on narrow screens\nand a second line"
        display.write(draft(text, cursor: 40))
        display.resize(columns: after)
        let shown = display.terminal.everything
        #expect(shown.count { $0.contains("offline") } == 1)
        #expect(shown.count { $0.hasPrefix("> ") } == 1)
        #expect(shown.first?.hasPrefix("first line") == true)
        #expect(shown.joined().filter { !$0.isWhitespace }.contains("narrowscreen○"))
        let frame = PromptFrame(display.prompt, size: TerminalSize(columns: after, rows: 12))
        let row = display.terminal.row(display.terminal.cursorRow)
        #expect(row == frame.rows[frame.cursorRow].plainText.trimmingSuffix(" "))
        #expect(display.terminal.cursorColumn == frame.cursorColumn)
        #expect(display.terminal.violations.isEmpty)
    }

    @Test(
        "A hundred lines that arrive while a person types tear nothing",
        arguments: [20, 80, 400]
    )
    func survivesTraffic(columns: Int) {
        var display = Display(columns: columns)
        var editor = LineEditor()
        let typed = "the quick brown fox jumps over the lazy dog while messages arrive "
        let keys = (typed + typed).unicodeScalars.map(Key.scalar)
        for number in 0..<100 {
            _ = editor.handle(keys[number])
            display.write(editor.draft)
            display.print("message \(number)")
            let size = TerminalSize(columns: columns, rows: 12)
            let rows = PromptFrame(display.prompt, size: size).rows.map(\.plainText)
            let top = display.terminal.cursorRow - (rows.count - 1)
            let shown = rows.indices.map { display.terminal.row(top + $0) }
            #expect(shown == rows.map { $0.trimmingSuffix(" ") })
        }
        let messages = display.terminal.everything.filter { $0.hasPrefix("message") }
        #expect(messages == (0..<100).map { "message \($0)" })
        #expect(display.terminal.violations.isEmpty)
    }

    @Test("A terminal that measures emoji otherwise still shows one whole prompt")
    func survivesOtherWidths() {
        let sumsScalars = { (character: Character) in
            max(1, character.unicodeScalars.reduce(0) { $0 + GlyphWidth.cells(of: $1) })
        }
        var display = Display(columns: 20, measure: sumsScalars)
        let family = String(repeating: "👩‍👩‍👧‍👦", count: 9)
        for number in 0..<20 {
            display.write(draft("\(family)\(number)"))
            display.print("\(family) \(number)")
        }
        let shown = display.terminal.everything
        #expect(shown.count { $0 == "● live" } == 1)
        #expect(shown.count { $0.hasPrefix(">") } == 1)
        #expect(display.terminal.violations.isEmpty)
    }

    @Test("Hostile text, keys and widths leave one prompt and break no rule of the terminal")
    func survivesNoise() {
        var random = SeededGenerator()
        // So tall that no row of the prompt can leave the screen when the terminal breaks rows.
        var display = Display(columns: 60, rows: 100)
        var editor = LineEditor()
        for round in 0..<150 {
            makeNoise(on: &display, editor: &editor, random: &random)
            if Bool.random(using: &random) {
                display.resize(columns: Int.random(in: 20...400, using: &random), rows: 100)
            }
            let statuses = display.terminal.screen.count { $0 == "● live" }
            #expect(statuses == 1, "DOCKET_SEED=\(random.seed), round \(round)")
        }
        #expect(display.terminal.violations == [], "DOCKET_SEED=\(random.seed)")
    }

    @Test("No size breaks a rule of the terminal, and the prompt is the last thing on the screen")
    func survivesSizes() {
        var random = SeededGenerator()
        var display = Display(columns: 60, rows: 24)
        var editor = LineEditor()
        for round in 0..<150 {
            let rows = Int.random(in: 3...60, using: &random)
            display.resize(columns: Int.random(in: 10...400, using: &random), rows: rows)
            makeNoise(on: &display, editor: &editor, random: &random)
            let shown = display.terminal.screen
            let status = shown.lastIndex { $0 == "● live" } ?? 0
            let isLast = !shown[status...].contains { $0.hasPrefix("Eve") }
            #expect(isLast, "DOCKET_SEED=\(random.seed), round \(round)")
        }
        #expect(display.terminal.violations == [], "DOCKET_SEED=\(random.seed)")
    }

    /// Some keys and a message, both from hostile bytes.
    private func makeNoise(
        on display: inout Display,
        editor: inout LineEditor,
        random: inout SeededGenerator
    ) {
        var decoder = KeyDecoder()
        for key in decoder.decode(random.hostileBytes(count: 40)) {
            _ = editor.handle(key)
        }
        let text = TerminalText(untrustedBytes: random.hostileBytes(count: 150))
        display.write(editor.draft, printing: [Paragraph(text, lead: "Eve: ")])
        if editor.draft.graphemes.count > 500 {
            editor = LineEditor()
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character {
            text.removeLast()
        }
        return text
    }
}
