/// A draft cut into rows of the screen, with the cell of its cursor.
///
/// Rows break between graphemes, not between words: words that jump to another row while a person
/// types in them are worse than broken ones. One cell of each row stays free for the cursor.
struct DraftLayout: Equatable {
    private(set) var rows: [TerminalText] = []

    /// The row of the cursor, from 0.
    private(set) var cursorRow = 0

    /// The cells before the cursor in its row, without the label.
    private(set) var cursorColumn = 0

    private var row = ""
    private var used = 0
    private let capacity: Int

    /// Lays a draft out in rows of so many cells, of which one stays free.
    init(_ draft: Draft, columns: Int) {
        capacity = max(columns - 1, 1)
        for (place, grapheme) in draft.graphemes.enumerated() {
            add(grapheme, isAtCursor: place == draft.cursor)
        }
        if draft.cursor == draft.graphemes.count {
            markCursor()
        }
        endRow()
    }

    private mutating func add(_ grapheme: Character, isAtCursor: Bool) {
        if grapheme == "\n" {
            if isAtCursor {
                markCursor()
            }
            return endRow()
        }
        var shown = TextFilter.clean(String(grapheme))
        var width = GlyphWidth.cells(of: shown)
        if width > capacity {
            shown = "\u{FFFD}"
            width = 1
        }
        if used + width > capacity {
            endRow()
        }
        if isAtCursor {
            markCursor()
        }
        row += shown
        used += width
    }

    private mutating func markCursor() {
        cursorRow = rows.count
        cursorColumn = used
    }

    private mutating func endRow() {
        rows.append(TerminalText(clean: row))
        row = ""
        used = 0
    }

    /// At most so many rows, among them that of the cursor, and what of the draft they leave out.
    func window(height: Int) -> Range<Int> {
        let height = min(max(height, 1), rows.count)
        let start = min(max(cursorRow - height / 2, 0), rows.count - height)
        return start..<start + height
    }
}
