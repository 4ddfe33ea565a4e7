@testable import DocketTerminal

/// A small terminal that obeys what it is sent and writes down every rule that was broken.
///
/// It knows only the sequences that the renderer may use, so anything else is a violation: an
/// unknown sequence, a control character, a cursor that is sent beyond an edge.
struct VirtualTerminal {
    /// A cell holds a grapheme; the second cell of a wide one is nil.
    typealias Row = [Character?]

    private(set) var columns: Int
    private(set) var rows: Int
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    private(set) var violations: [String] = []
    private(set) var wrapsByItself = true

    /// Whether the size changed since the cursor last went up: rows may have left the screen at the
    /// top, where the cursor then stops.
    private var isFreshlyResized = false

    /// What scrolled off the top, oldest first.
    private(set) var scrollback: [Row] = []
    private var grid: [Row]
    private let measure: (Character) -> Int

    init(
        columns: Int,
        rows: Int,
        measure: @escaping (Character) -> Int = GlyphWidth.cells(of:)
    ) {
        self.columns = columns
        self.rows = rows
        self.measure = measure
        grid = Array(repeating: [], count: rows)
    }

    /// The rows of the screen as text, without trailing spaces and without empty rows at the end.
    var screen: [String] {
        var lines = grid.map(Self.text)
        while lines.last == "" {
            lines.removeLast()
        }
        return lines
    }

    /// Everything that was ever printed and is still there, oldest first.
    var everything: [String] { scrollback.map(Self.text) + screen }

    /// A row of the screen as text.
    func row(_ row: Int) -> String { Self.text(of: grid[row]) }

    private static func text(of row: Row) -> String {
        var text = String(row.compactMap { $0 })
        while text.last == " " {
            text.removeLast()
        }
        return text
    }

    mutating func feed(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            violations.append("not UTF-8")
            return
        }
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.first {
            if scalar == "\u{1B}" {
                obey(Self.takeSequence(from: &rest))
            } else if scalar.value < 0x20 {
                rest.removeFirst()
                control(scalar)
            } else {
                let printable = rest.prefix { $0.value >= 0x20 }
                rest = rest.dropFirst(printable.count)
                for character in String(printable) {
                    put(character)
                }
            }
        }
    }

    private static func takeSequence(from rest: inout Substring.UnicodeScalarView) -> String {
        var sequence = String(rest.removeFirst())
        guard rest.first == "[" else { return sequence + String(rest.prefix(1)) }
        sequence.unicodeScalars.append(rest.removeFirst())
        while let scalar = rest.popFirst() {
            sequence.unicodeScalars.append(scalar)
            if (0x40...0x7E).contains(scalar.value) {
                break
            }
        }
        return sequence
    }

    private mutating func control(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": cursorColumn = 0
        case "\n": lineFeed()
        default: violations.append("control U+\(String(scalar.value, radix: 16))")
        }
    }

    private mutating func obey(_ sequence: String) {
        let body = sequence.dropFirst(2)
        let parameters = String(body.dropLast())
        switch (body.last, parameters) {
        case ("A", _): moveUp(Int(parameters) ?? -1)
        case ("G", _): moveToColumn((Int(parameters) ?? 0) - 1)
        case ("H", ""): (cursorRow, cursorColumn) = (0, 0)
        case ("J", ""): eraseBelow()
        case ("J", "2"): grid = Array(repeating: [], count: rows)
        case ("h", "?7"): wrapsByItself = true
        case ("l", "?7"): wrapsByItself = false
        case ("h", "?2004"), ("l", "?2004"): break
        case ("m", _) where Self.isStyle(parameters): break
        default: violations.append("sequence \(sequence.debugDescription)")
        }
    }

    private static func isStyle(_ parameters: String) -> Bool {
        let known: Set<Substring> = ["0", "1", "2", "7", "31", "32", "33", "34", "35", "36"]
        return parameters.split(separator: ";", omittingEmptySubsequences: false)
            .allSatisfy(known.contains)
    }

    private mutating func moveUp(_ count: Int) {
        if count < 1 || (count > cursorRow && !isFreshlyResized) {
            violations.append("up \(count) from row \(cursorRow)")
        }
        cursorRow = max(0, cursorRow - count)
        isFreshlyResized = false
    }

    private mutating func moveToColumn(_ column: Int) {
        if !(0..<columns).contains(column) {
            violations.append("column \(column) of \(columns)")
        }
        cursorColumn = min(max(column, 0), columns - 1)
    }

    private mutating func eraseBelow() {
        grid[cursorRow] = Array(grid[cursorRow].prefix(cursorColumn))
        for row in grid.indices.dropFirst(cursorRow + 1) {
            grid[row] = []
        }
    }

    private mutating func lineFeed() {
        if cursorRow < rows - 1 {
            cursorRow += 1
        } else {
            scrollback.append(grid.removeFirst())
            grid.append([])
        }
    }

    private mutating func put(_ character: Character) {
        let width = measure(character)
        guard width > 0 else {
            violations.append("invisible \(character.debugDescription)")
            return
        }
        if cursorColumn + width > columns {
            if wrapsByItself {
                violations.append("wrapped by itself")
            }
            // Without automatic wrapping the last cells are written over.
            cursorColumn = max(0, columns - width)
        }
        var row = grid[cursorRow]
        row += Array(repeating: " ", count: max(0, cursorColumn + width - row.count))
        row[cursorColumn] = character
        for offset in 1..<max(width, 1) {
            row[cursorColumn + offset] = nil
        }
        grid[cursorRow] = row
        cursorColumn += width
    }
}

extension VirtualTerminal {
    /// Changes the width the way most terminals do: a row that is too long is broken into several,
    /// and the cursor stays with its text.
    ///
    /// Rows that become shorter than the screen stay.
    mutating func resize(columns: Int, rows: Int) {
        var lines: [Row] = []
        var cursor = (row: 0, column: 0)
        for (index, line) in (scrollback + grid[...lastUsedRow]).enumerated() {
            let pieces = Self.broken(line, columns: columns)
            if index == scrollback.count + cursorRow {
                cursor = (lines.count + cursorColumn / columns, cursorColumn % columns)
            }
            lines += pieces
        }
        while lines.count <= cursor.row {
            lines.append([])
        }
        let hidden = max(0, lines.count - rows)
        scrollback = Array(lines[..<hidden])
        grid = Array(lines[hidden...])
        grid += Array(repeating: [], count: rows - grid.count)
        (cursorRow, cursorColumn) = (cursor.row - hidden, cursor.column)
        (self.columns, self.rows) = (columns, rows)
        isFreshlyResized = true
    }

    private var lastUsedRow: Int {
        max(cursorRow, grid.lastIndex { !$0.isEmpty } ?? 0)
    }

    private static func broken(_ line: Row, columns: Int) -> [Row] {
        guard line.count > columns else { return [line] }
        return stride(from: 0, to: line.count, by: columns).map {
            Array(line[$0..<min($0 + columns, line.count)])
        }
    }
}
