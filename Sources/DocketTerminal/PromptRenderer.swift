/// The bytes that bring a screen from one prompt to the next.
///
/// The prompt is the last thing on the screen. To print lines above it, it is erased, the lines
/// are written where it began, and it is drawn again below them, all in one write. Only a few
/// sequences that every terminal knows are used (ECMA-48): cursor up (CUU), cursor to column (CHA),
/// erase to the end (ED), styles (SGR) and, around it all, the private mode that stops automatic
/// wrapping, since a row that is wider than expected must not become two.
enum PromptRenderer {
    /// The bytes that erase one prompt, print rows where it began, and draw another.
    ///
    /// - Parameters:
    ///   - old: The prompt that is on the screen, with the cursor in it; nothing if none is.
    ///   - new: The prompt that shall be on the screen.
    ///   - printed: Rows to print above it, each at most as wide as the screen.
    ///   - columns: The columns that the screen has now.
    ///   - colours: Whether colours are written.
    /// - Returns: Bytes to write at once; none if nothing changes.
    static func bytes(
        from old: PromptFrame?,
        to new: PromptFrame?,
        printing printed: [TerminalText],
        columns: Int,
        colours: Bool
    ) -> [UInt8] {
        if old == new && printed.isEmpty {
            return []
        }
        var output = ControlSequence.wrappingOff
        if let old {
            output += erasing(old, columns: columns)
        }
        for row in printed {
            output += row.encoded(colours: colours) + "\r\n"
        }
        if let new {
            output += drawing(new, colours: colours)
        }
        return Array((output + ControlSequence.wrappingOn).utf8)
    }

    /// Takes the cursor to the first cell of a prompt and erases from there on.
    private static func erasing(_ frame: PromptFrame, columns: Int) -> String {
        let rows = frame.rowsAboveCursor(columns: columns)
        return "\r" + ControlSequence.up(rows) + ControlSequence.eraseBelow
    }

    /// Draws a prompt from the first cell of a row and takes the cursor to its place in it.
    private static func drawing(_ frame: PromptFrame, colours: Bool) -> String {
        let rows = frame.rows.map { $0.encoded(colours: colours) }
        let below = frame.rows.count - 1 - frame.cursorRow
        return rows.joined(separator: "\r\n") + ControlSequence.up(below)
            + ControlSequence.column(frame.cursorColumn)
    }
}
