import Testing

@testable import DocketTerminal

@Suite("Keys from bytes")
struct KeyDecoderTests {
    private static let sequences: [(String, [Key])] = [
        ("a", [.scalar("a")]), ("é", [.scalar("é")]), ("漢", [.scalar("漢")]),
        ("👍", [.scalar("👍")]), ("e\u{301}", [.scalar("e"), .scalar("\u{301}")]),
        ("\r", [.enter]), ("\n", [.control("j")]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
        ("\u{8}", [.backspace]), ("\u{1}", [.control("a")]), ("\u{1A}", [.control("z")]),
        ("\u{0}", [.control(" ")]), ("\u{1F}", [.control("_")]), ("\u{1C}", [.control("\\")]),
        ("\u{1B}[A", [.up]), ("\u{1B}[B", [.down]), ("\u{1B}[C", [.right]), ("\u{1B}[D", [.left]),
        ("\u{1B}OA", [.up]), ("\u{1B}OH", [.home]), ("\u{1B}OF", [.end]), ("\u{1B}OM", [.enter]),
        ("\u{1B}[H", [.home]), ("\u{1B}[F", [.end]), ("\u{1B}[1~", [.home]), ("\u{1B}[4~", [.end]),
        ("\u{1B}[7~", [.home]), ("\u{1B}[8~", [.end]), ("\u{1B}[3~", [.delete]),
        ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]), ("\u{1B}[Z", [.backTab]),
        ("\u{1B}[1;5C", [.wordRight]), ("\u{1B}[1;3D", [.wordLeft]), ("\u{1B}[1;5A", [.up]),
        ("\u{1B}b", [.meta("b")]), ("\u{1B}\r", [.meta("\r")]), ("\u{1B}\u{7F}", [.meta("\u{7F}")]),
        ("\u{1B}\u{1B}[A", [.escape, .up]), ("\u{1B}é", [.scalar("é")]),
        ("\u{1B}[200~one\r\ntwo\u{1B}[201~x", [.paste("one\r\ntwo"), .scalar("x")]),
        ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
        ("\u{1B}[200~a\u{1B}[201b\u{1B}\u{1B}[201~", [.paste("a\u{1B}[201b\u{1B}")]),
    ]

    @Test("Each sequence is its key, whole and byte by byte", arguments: sequences)
    func decodes(text: String, keys: [Key]) {
        var whole = KeyDecoder()
        #expect(whole.decode(text.utf8) == keys)
        #expect(whole == KeyDecoder())
        var pieces = KeyDecoder()
        #expect(text.utf8.flatMap { pieces.decode([$0]) } == keys)
        #expect(pieces == whole)
    }

    @Test(
        "A sequence that is not known is swallowed whole",
        arguments: [
            "\u{1B}[15~", "\u{1B}[[A", "\u{1B}[?1;2c", "\u{1B}[<0;10;10M", "\u{1B}[1;1R",
            "\u{1B}OP", "\u{1B}[201~", "\u{1B}]11;rgb:0/0/0\u{07}", "\u{1B}]11;rgb:0/0/0\u{1B}\\",
            "\u{1B}P1$r0m\u{1B}\\", "\u{1B}_x\u{1B}\\", "\u{1B}[9$~", "\u{1B}\u{1}",
        ]
    )
    func swallows(text: String) {
        var decoder = KeyDecoder()
        #expect(decoder.decode((text + "x").utf8) == [.scalar("x")])
    }

    @Test("A lone Escape is that key once nothing follows in time")
    func decidesEscape() {
        var decoder = KeyDecoder()
        #expect(decoder.patience == nil)
        #expect(decoder.decode([0x1B]).isEmpty)
        #expect(decoder.patience == KeyDecoder.sequencePatience)
        #expect(decoder.timedOut() == .escape)
        #expect(decoder.patience == nil)
        #expect(decoder.timedOut() == nil)
        #expect(decoder.decode("[A".utf8) == [.scalar("["), .scalar("A")])
    }

    @Test("An unfinished sequence is dropped once nothing follows in time")
    func dropsUnfinished() {
        for beginning in ["\u{1B}[", "\u{1B}[1;", "\u{1B}O", "\u{1B}]0;title", "\u{1B}[["] {
            var decoder = KeyDecoder()
            #expect(decoder.decode(beginning.utf8).isEmpty)
            #expect(decoder.timedOut() == nil)
            #expect(decoder == KeyDecoder())
        }
        var decoder = KeyDecoder()
        #expect(decoder.decode([0xE2, 0x82]).isEmpty)
        #expect(decoder.timedOut() == .scalar("\u{FFFD}"))
    }

    @Test("A paste whose end marker is lost ends after silence")
    func endsPaste() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}[200~text\u{1B}[20".utf8).isEmpty)
        #expect(decoder.patience == KeyDecoder.pastePatience)
        #expect(decoder.timedOut() == .paste("text"))
        #expect(decoder == KeyDecoder())
    }

    @Test("What is not UTF-8 is one U+FFFD each, and what follows is read")
    func replacesMalformed() {
        var decoder = KeyDecoder()
        let keys = decoder.decode([
            0xFF, 0xC0, 0x80, 0xE2, 0x41, 0xED, 0xA0, 0x80, 0xE2, 0x1B, 0x5B, 0x41,
        ])
        let bad = Key.scalar("\u{FFFD}")
        #expect(keys == [bad, bad, bad, bad, .scalar("A"), bad, bad, .up])
    }

    @Test("A control sequence at the limit is read, one beyond it is swallowed")
    func boundsParameters() {
        let limit = KeyDecoder.maximumParameterBytes
        var decoder = KeyDecoder()
        let zeros = String(repeating: "0", count: limit - 2)
        #expect(decoder.decode("\u{1B}[\(zeros);5C".utf8) == [.wordRight])
        #expect(decoder.decode("\u{1B}[\(zeros)0;5Cx".utf8) == [.scalar("x")])
    }

    @Test("A paste is kept up to its limit, which is more than any draft takes")
    func boundsPaste() {
        let limit = KeyDecoder.maximumPasteBytes
        #expect(limit > LineEditor.maximumDraftBytes)
        for size in [limit - 1, limit, limit + 1, limit * 2] {
            var decoder = KeyDecoder()
            let text = String(repeating: "x", count: size)
            let keys = decoder.decode("\u{1B}[200~\(text)\u{1B}[201~".utf8)
            #expect(keys == [.paste(String(repeating: "x", count: min(size, limit)))])
        }
    }

    @Test("Any bytes give the same keys however they are split")
    func decodesNoise() {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let bytes = random.hostileBytes(count: 200)
            var whole = KeyDecoder()
            var pieces = KeyDecoder()
            let expected = whole.decode(bytes)
            #expect(bytes.flatMap { pieces.decode([$0]) } == expected, "DOCKET_SEED=\(random.seed)")
            #expect(whole == pieces, "DOCKET_SEED=\(random.seed)")
        }
    }
}
