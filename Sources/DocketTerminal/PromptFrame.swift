/// A prompt as rows of a screen: what the renderer compares, erases and draws.
struct PromptFrame: Equatable {
    /// The rows from top to bottom, each at most as wide as the screen.
    private(set) var rows: [TerminalText]

    /// The row of the cursor, from 0.
    private(set) var cursorRow: Int

    /// The cells left of the cursor.
    private(set) var cursorColumn: Int

    /// Lays a prompt out on a screen of this size.
    ///
    /// The draft takes at most half of the screen and is scrolled so that its cursor is seen; an
    /// arrow in place of the label tells that there is more. On a screen of less than three rows
    /// there is no status line.
    init(_ prompt: Prompt, size: TerminalSize) {
        let label = prompt.label.truncated(to: size.columns / 2)
        let layout = DraftLayout(prompt.draft, columns: size.columns - label.width)
        let window = layout.window(height: size.rows / 2)
        rows = window.map { row in
            Self.margin(of: row, label: label, window: window, count: layout.rows.count)
                + layout.rows[row]
        }
        cursorRow = layout.cursorRow - window.lowerBound
        cursorColumn = label.width + layout.cursorColumn
        if !prompt.status.isEmpty && size.rows >= 3 {
            add(prompt.status.truncated(to: size.columns), prompt.placement)
        }
    }

    private mutating func add(_ status: TerminalText, _ placement: Prompt.StatusPlacement) {
        switch placement {
        case .above:
            rows.insert(status, at: 0)
            cursorRow += 1
        case .below:
            rows.append(status)
        }
    }

    /// What stands before a row of the draft: the label before its first, else as many spaces.
    private static func margin(
        of row: Int,
        label: TerminalText,
        window: Range<Int>,
        count: Int
    ) -> TerminalText {
        let sign: TerminalText =
            if row == window.lowerBound && row > 0 {
                "↑"
            } else if row == window.upperBound - 1 && row < count - 1 {
                "↓"
            } else {
                ""
            }
        if row == 0 && sign.isEmpty {
            return label
        }
        let shown = sign.truncated(to: label.width)
        return shown.dim + TerminalText(spaces: label.width - shown.width)
    }

    /// The rows between the top of this frame and the cursor once the screen has other columns.
    ///
    /// A terminal that became narrower breaks each row that is now too long into several, and the
    /// cursor stays with its text; one that became wider leaves them as they are.
    func rowsAboveCursor(columns: Int) -> Int {
        let above = rows[..<cursorRow].reduce(0) { sum, row in
            sum + max(1, (row.width + columns - 1) / columns)
        }
        return above + cursorColumn / columns
    }
}
