/// The escape sequences that this module writes, all of them, besides those of styles.
enum ControlSequence {
    /// Stops the terminal from wrapping rows by itself (DECAWM off).
    static let wrappingOff = "\u{1B}[?7l"

    /// Lets the terminal wrap rows again, as it does by default.
    static let wrappingOn = "\u{1B}[?7h"

    /// Erases from the cursor to the end of the screen (ED).
    static let eraseBelow = "\u{1B}[J"

    /// Takes the cursor to the first cell of the screen and erases all of it.
    static let clearScreen = "\u{1B}[H\u{1B}[2J"

    /// Makes the terminal mark what is pasted.
    static let bracketedPasteOn = "\u{1B}[?2004h"

    /// Makes the terminal give pastes like typing again.
    static let bracketedPasteOff = "\u{1B}[?2004l"

    /// Ends every style.
    static let resetStyle = "\u{1B}[0m"

    /// Takes the cursor up so many rows (CUU), which for none is no sequence.
    static func up(_ rows: Int) -> String {
        rows > 0 ? "\u{1B}[\(rows)A" : ""
    }

    /// Takes the cursor behind so many cells of its row (CHA counts from one).
    static func column(_ cells: Int) -> String {
        "\u{1B}[\(cells + 1)G"
    }
}
