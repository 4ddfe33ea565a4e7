import Testing

@testable import DocketTerminal

@Suite("The line editor")
struct LineEditorTests {
    /// Types a notation: `^a` is Control, `~b` Alt, `<left>` a key by name, all else itself.
    private func typed(_ notation: String, into editor: inout LineEditor) -> [EditorAction] {
        keys(notation).map { editor.handle($0) }
    }

    private func keys(_ notation: String) -> [Key] {
        var rest = Substring(notation)
        var keys: [Key] = []
        while let first = rest.popFirst() {
            switch first {
            case "^": rest.popFirst().map { keys.append(.control($0)) }
            case "~": rest.popFirst().map { keys.append(.meta($0)) }
            case "<":
                let name = rest.prefix { $0 != ">" }
                rest = rest.dropFirst(name.count + 1)
                keys.append(Self.named[name] ?? .escape)
            default: keys += first.unicodeScalars.map(Key.scalar)
            }
        }
        return keys
    }

    private static let named: [Substring: Key] = [
        "left": .left, "right": .right, "up": .up, "down": .down, "home": .home, "end": .end,
        "bs": .backspace, "del": .delete, "enter": .enter, "tab": .tab, "wleft": .wordLeft,
        "wright": .wordRight, "esc": .escape, "mbs": .meta("\u{7F}"), "menter": .meta("\r"),
    ]

    @Test(
        "Keys make the text and move the cursor",
        arguments: [
            // A bar is where the cursor stands.
            ("hello", "hello|"), ("hello^a", "|hello"), ("hello^ax^e!", "xhello!|"),
            ("abc^b^bX", "aX|bc"), ("abc^a^fX", "aX|bc"), ("abc<left><bs>", "a|c"),
            ("abc<left><del>", "ab|"), ("abc^a^d", "|bc"), ("<bs><left>", "|"), ("a<del>", "a|"),
            ("one two three~b~b", "one |two three"), ("one two^a~f", "one| two"),
            ("one  two~b~b~f~f", "one  two|"), ("one two<wleft>", "one |two"),
            ("one two<home><wright>", "one| two"), ("one two^a~d", "| two"),
            ("one, two^w", "one, |"), ("one two  ^w", "one |"), ("a.b-c~b", "a.b-|c"),
            ("one two<mbs>", "one |"), ("one two^u", "|"), ("one two~b^u", "|two"),
            ("one two~b^k", "one |"), ("one two~b^k^a^y", "two|one "),
            ("one two three^w^w^y", "one two three|"), ("abc^a^k^y^y", "abcabc|"),
            ("one^u^y two^w^y~y", "one one|"), ("a^jb", "a\nb|"), ("a<menter>b<home>", "a\n|b"),
            ("ab^jcd<up>", "ab|\ncd"), ("abc^jd<up>", "a|bc\nd"), ("a^jbcd<up><down>", "a\nb|cd"),
            ("a^jb^a<up>^k", "|\nb"), ("a^jb^a<up>^k^k", "|b"), ("e\u{301}<bs>", "|"),
            ("🇩🇪<left>x", "x|🇩🇪"), ("👍🏽<bs>", "|"), ("漢字<left><bs>", "|字"),
        ]
    )
    func edits(notation: String, expected: String) {
        var editor = LineEditor()
        _ = typed(notation, into: &editor)
        var shown = editor.draft.graphemes
        shown.insert("|", at: editor.draft.cursor)
        #expect(String(shown) == expected)
    }

    @Test("Enter submits what is written and empties the prompt; blank text is not submitted")
    func submits() {
        var editor = LineEditor()
        #expect(typed("hi ^jyou<enter>", into: &editor).last == .submit("hi \nyou"))
        #expect(editor.draft.isEmpty)
        #expect(typed("<enter>", into: &editor) == [.nothing])
        #expect(typed("  <enter>", into: &editor).last == .nothing)
        #expect(editor.draft.text == "  ")
    }

    @Test("The arrows bring back what was submitted, and at last the draft that was left")
    func recalls() {
        var editor = LineEditor()
        _ = typed("one<enter>two<enter>two<enter>dra", into: &editor)
        let shown = ["<up>", "<up>", "<up>", "<down>", "<down>", "<down>"].map { key in
            _ = typed(key, into: &editor)
            return editor.draft.text
        }
        #expect(shown == ["two", "one", "one", "two", "dra", "dra"])
    }

    @Test("History keeps a limited number of entries")
    func boundsHistory() {
        var history = InputHistory()
        for number in 0...InputHistory.maximumEntries {
            history.add(String(number))
        }
        var oldest = ""
        while let entry = history.older(than: "") {
            oldest = entry
        }
        #expect(oldest == "1")
    }

    @Test("The ring keeps a limited number of pieces and turns round")
    func boundsKillRing() {
        var ring = KillRing()
        #expect(ring.current == nil)
        for number in 0...KillRing.maximumPieces {
            ring.add(String(number))
        }
        #expect(ring.current == String(KillRing.maximumPieces))
        for _ in 1..<KillRing.maximumPieces {
            ring.rotate()
        }
        #expect(ring.current == "1")
        ring.rotate()
        #expect(ring.current == String(KillRing.maximumPieces))
    }

    @Test("C-c empties the draft, which C-y brings back; on an empty one it asks before it quits")
    func interrupts() {
        var editor = LineEditor()
        #expect(typed("abc^c", into: &editor).last == .redraw)
        #expect(editor.draft.isEmpty && editor.notice == nil)
        _ = typed("^y", into: &editor)
        #expect(editor.draft.text == "abc")
        #expect(typed("^c^c", into: &editor) == [.redraw, .redraw])
        #expect(editor.notice == .confirmQuit)
        #expect(typed("x", into: &editor) == [.redraw])
        #expect(editor.notice == nil && editor.draft.text == "x")
        #expect(typed("<bs>^c^c", into: &editor) == [.redraw, .redraw, .quit])
    }

    @Test("C-d deletes, and on an empty draft ends the input")
    func endsInput() {
        var editor = LineEditor()
        #expect(typed("a^a^d^d", into: &editor) == [.redraw, .redraw, .redraw, .endOfInput])
    }

    @Test("A paste is one piece: its line ends are newlines and never submit")
    func pastes() {
        var editor = LineEditor()
        #expect(editor.handle(.paste("a\r\nb\rc\nd\u{1B}[31m\te")) == .redraw)
        #expect(editor.draft.text == "a\nb\nc\nd[31m\te")
        _ = editor.handle(.paste("f\r\n"))
        #expect(editor.draft.text.hasSuffix("ef"))
    }

    @Test("A paste at the limit of lines goes in, one beyond it is asked about")
    func confirmsPaste() {
        let limit = LineEditor.maximumUnconfirmedPasteLines
        let fitting = Array(repeating: "x", count: limit).joined(separator: "\n")
        var editor = LineEditor()
        _ = editor.handle(.paste(fitting))
        #expect(editor.notice == nil && editor.draft.text == fitting)

        let long = fitting + "\ny"
        for (answer, isTaken) in [("<enter>", true), ("y", true), ("<esc>", false), ("^c", false)] {
            var editor = LineEditor(draft: "> ")
            #expect(editor.handle(.paste(long)) == .redraw)
            #expect(editor.notice == .confirmPaste(lines: limit + 1))
            #expect(typed("q<left>", into: &editor) == [.nothing, .nothing])
            #expect(typed(answer, into: &editor) == [.redraw])
            #expect(editor.notice == nil)
            #expect(editor.draft.text == (isTaken ? "> " + long : "> "))
        }
    }

    @Test("A draft takes bytes up to its limit and says so when it is full")
    func boundsDraft() {
        let limit = LineEditor.maximumDraftBytes
        var editor = LineEditor()
        _ = editor.handle(.paste(String(repeating: "é", count: limit / 2)))
        #expect(editor.draft.text.utf8.count == limit && editor.notice == nil)
        #expect(editor.handle(.scalar("x")) == .redraw)
        #expect(editor.draft.text.utf8.count == limit && editor.notice == .draftIsFull)
        #expect(editor.handle(.left) == .redraw)
        #expect(editor.notice == nil)
        #expect(LineEditor(draft: String(repeating: "x", count: limit)).draft.cursor == limit)
        #expect(LineEditor(draft: String(repeating: "x", count: limit + 1)).draft.isEmpty)
    }

    private static let commands = [
        EditorCommand("/finish", arguments: ["solved", "spam", "no answer", "no reply"]),
        EditorCommand("/file"), EditorCommand("/note"),
    ]

    @Test(
        "Tab completes a command as far as it is clear",
        arguments: [
            ("/n<tab>", "/note "), ("/f<tab>", "/fi"), ("/fin<tab>", "/finish "),
            ("/finish so<tab>", "/finish solved"), ("/finish n<tab>", "/finish no "),
            ("/finish no a<tab>", "/finish no answer"), ("/note<tab>", "/note "),
            ("/finish x<tab>", "/finish x"), ("plain<tab>", "plain"), ("/x<tab>", "/x"),
            ("/n later~b<left><tab>", "/note  later"),
        ]
    )
    func completes(notation: String, expected: String) {
        var editor = LineEditor(commands: Self.commands)
        _ = typed(notation, into: &editor)
        #expect(editor.draft.text == expected)
    }

    @Test("Tab offers the choices where they differ, and belongs to the program elsewhere")
    func offers() {
        var editor = LineEditor(commands: Self.commands)
        #expect(typed("/fi<tab>", into: &editor).last == .offer(["/file", "/finish"]))
        #expect(typed("nish no <tab>", into: &editor).last == .offer(["no answer", "no reply"]))
        #expect(typed("x<tab>", into: &editor).last == .unhandled(.tab))
    }

    @Test("What the editor does not use belongs to the program")
    func passesOn() {
        var editor = LineEditor()
        let keys: [Key] = [
            .pageUp, .pageDown, .escape, .backTab, .meta("a"), .control("p"), .control("x"),
        ]
        for key in keys {
            #expect(editor.handle(key) == .unhandled(key))
        }
        #expect(editor.handle(.control("l")) == .repaint)
        #expect(editor.handle(.control("z")) == .suspend)
    }

    @Test("Any keys keep the cursor inside the text and the text inside its limit")
    func survivesNoise() {
        var random = SeededGenerator()
        for _ in 0..<200 {
            var editor = LineEditor(commands: Self.commands)
            var decoder = KeyDecoder()
            for key in decoder.decode(random.hostileBytes(count: 300)) + keys("^k^y~y^u^w~d<up>") {
                _ = editor.handle(key)
                let place = editor.draft.cursor
                let isInside = (0...editor.draft.graphemes.count).contains(place)
                let isWhole = Array(editor.draft.text) == editor.draft.graphemes
                #expect(isInside && isWhole, "DOCKET_SEED=\(random.seed)")
            }
        }
    }
}
