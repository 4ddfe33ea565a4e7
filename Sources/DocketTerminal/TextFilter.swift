/// Makes any text harmless for a terminal.
///
/// What a terminal would obey, hide or reorder is replaced by something visible, so that a reader
/// sees that it was there. The result consists of newlines and scalars that print; every grapheme
/// has a base of its own, so that no field can draw on what stands before it.
struct TextFilter {
    /// Combining marks kept on one base.
    ///
    /// Living scripts need four or five; stacks of hundreds have crashed terminals and cover the
    /// neighbouring lines.
    static let maximumMarks = 8

    /// Emoji joined into one picture.
    ///
    /// The largest families in use have four.
    static let maximumJoinedEmoji = 8

    /// Scalars of one grapheme.
    ///
    /// Bounds what marks and joiners do not: conjunct consonants and decomposed syllables, which
    /// Unicode allows to grow without end.
    static let maximumGraphemeScalars = 20

    /// Cells a tab becomes.
    ///
    /// Tab stops would depend on what is printed before the text.
    static let tabWidth = 4

    private var output = String.UnicodeScalarView()
    private var foundation = Foundation.none
    private var marks = 0
    private var joinedEmoji = 0

    /// What the next combining scalar would hang on.
    private enum Foundation {
        case none
        case visible
        case emoji
    }

    /// Returns the text with everything replaced that a terminal must not get.
    ///
    /// Newlines stay, with a carriage return before one dropped.
    static func clean(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) {
            return String(text)
        }
        var filter = TextFilter()
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let following = scalars.index(after: index)
            let next = following < scalars.endIndex ? scalars[following] : nil
            filter.feed(scalars[index], before: next)
            index = following
        }
        return checkGraphemes(String(filter.output))
    }

    private mutating func feed(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
        switch ScalarKind(scalar) {
        case .lineBreak:
            begin(.none, with: scalar)
        case .carriageReturn where next == "\n":
            break
        case .carriageReturn:
            begin(.visible, with: "\u{240D}")
        case .tab:
            for _ in 0..<Self.tabWidth {
                begin(.visible, with: " ")
            }
        case .control(let picture):
            begin(.visible, with: picture)
        case .hidden:
            begin(.visible, with: "\u{FFFD}")
        case .joiner:
            join(scalar, before: next)
        case .mark:
            mark(scalar)
        case .emoji:
            beginEmoji(scalar)
        case .visible:
            begin(.visible, with: scalar)
        }
    }

    private mutating func begin(_ next: Foundation, with scalar: Unicode.Scalar) {
        output.append(scalar)
        foundation = next
        marks = 0
        joinedEmoji = 0
    }

    private mutating func beginEmoji(_ scalar: Unicode.Scalar) {
        let joined = output.last == "\u{200D}" ? joinedEmoji : 0
        begin(.emoji, with: scalar)
        joinedEmoji = joined
    }

    private mutating func mark(_ scalar: Unicode.Scalar) {
        if foundation == .none {
            begin(.visible, with: "\u{25CC}")
        }
        marks += 1
        if marks <= Self.maximumMarks {
            output.append(scalar)
        }
    }

    private mutating func join(_ joiner: Unicode.Scalar, before next: Unicode.Scalar?) {
        let isInsideEmoji = foundation == .emoji && next.map(ScalarKind.init) == .emoji
        guard isInsideEmoji, joinedEmoji < Self.maximumJoinedEmoji else {
            return begin(.visible, with: "\u{FFFD}")
        }
        output.append(joiner)
        joinedEmoji += 1
    }

    /// Replaces what only shows once scalars are put together: graphemes without a cell, which are
    /// fragments of syllables, and those of more scalars than the limit, whose rest is left out.
    private static func checkGraphemes(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character != "\n" && GlyphWidth.cells(of: character) == 0 {
                result.append("\u{FFFD}")
            } else if character.unicodeScalars.count <= maximumGraphemeScalars {
                result.append(character)
            } else {
                let kept = character.unicodeScalars.prefix(maximumGraphemeScalars)
                result.unicodeScalars.append(contentsOf: kept)
                result.append("\u{FFFD}")
            }
        }
    }
}
