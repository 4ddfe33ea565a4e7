/// A text that is being written, and the place in it where typing goes.
public struct Draft: Hashable, Sendable {
    /// The text by graphemes, the unit in which a person moves and deletes.
    private(set) var graphemes: [Character]

    /// The number of graphemes before the cursor.
    public private(set) var cursor: Int

    /// The whole text.
    public var text: String { String(graphemes) }

    /// Whether there is no text.
    public var isEmpty: Bool { graphemes.isEmpty }

    /// The lines of the text; an empty text has one.
    public var lineCount: Int { graphemes.count { $0 == "\n" } + 1 }

    /// Creates a draft with the cursor at the end of the text.
    ///
    /// Line ends of every kind become newlines; other control characters besides tabs are left out.
    public init(_ text: String = "") {
        graphemes = Array(Self.typeable(text))
        cursor = graphemes.count
    }

    /// What remains of a text that is typed or pasted: no control characters but newline and tab.
    static func typeable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var wasCarriageReturn = false
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            if scalar == "\r" || (scalar == "\n" && !wasCarriageReturn) {
                result.append("\n")
            } else if scalar == "\t" || !isControl {
                result.append(scalar)
            }
            wasCarriageReturn = scalar == "\r"
        }
        return String(result)
    }

    /// Puts a text where the cursor is, and the cursor behind it.
    mutating func insert(_ text: String) {
        replace(cursor..<cursor, with: Self.typeable(text))
    }

    /// Takes a range out and leaves the cursor where it was.
    mutating func remove(_ range: Range<Int>) -> String {
        let removed = String(graphemes[range])
        replace(range, with: "")
        return removed
    }

    /// Replaces a range and leaves the cursor behind the replacement.
    ///
    /// The text is cut into graphemes anew, since what is inserted may join its neighbours: a
    /// combining mark, the second half of a flag.
    mutating func replace(_ range: Range<Int>, with text: String) {
        let before = String(graphemes[..<range.lowerBound]) + text
        let after = String(graphemes[range.upperBound...])
        let end = before.count
        graphemes = Array(before + after)
        cursor = min(end, graphemes.count)
    }

    /// Moves the cursor to a place, or to the nearest one there is.
    mutating func move(to place: Int) {
        cursor = min(max(place, 0), graphemes.count)
    }
}

extension Draft {
    /// The place where the line of the cursor begins.
    var lineStart: Int { start(ofLineBefore: cursor) }

    /// The place where the line of the cursor ends.
    var lineEnd: Int { graphemes[cursor...].firstIndex(of: "\n") ?? graphemes.count }

    /// The place one line up in the same column; nothing in the first line.
    var placeAbove: Int? {
        guard lineStart > 0 else { return nil }
        let end = lineStart - 1
        return min(start(ofLineBefore: end) + cursor - lineStart, end)
    }

    /// The place one line down in the same column; nothing in the last line.
    var placeBelow: Int? {
        guard lineEnd < graphemes.count else { return nil }
        let start = lineEnd + 1
        let end = graphemes[start...].firstIndex(of: "\n") ?? graphemes.count
        return min(start + cursor - lineStart, end)
    }

    /// The place before the word at or before the cursor.
    var wordStart: Int {
        place(before: cursor) { $0.isLetter || $0.isNumber }
    }

    /// The place behind the word at or after the cursor.
    var wordEnd: Int {
        let isWord = { (character: Character) in character.isLetter || character.isNumber }
        let start = graphemes[cursor...].firstIndex(where: isWord) ?? graphemes.count
        return graphemes[start...].firstIndex { !isWord($0) } ?? graphemes.count
    }

    /// The place before what stands between spaces at or before the cursor.
    var chunkStart: Int {
        place(before: cursor) { !$0.isWhitespace }
    }

    private func start(ofLineBefore place: Int) -> Int {
        graphemes[..<place].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    }

    private func place(before end: Int, inside isInside: (Character) -> Bool) -> Int {
        guard let last = graphemes[..<end].lastIndex(where: isInside) else { return 0 }
        return graphemes[..<last].lastIndex { !isInside($0) }.map { $0 + 1 } ?? 0
    }
}
