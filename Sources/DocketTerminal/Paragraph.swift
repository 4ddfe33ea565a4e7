/// A text with what stands before its lines: how a message is printed.
///
/// The rows after the first begin with `indent`, whether the text broke there itself or was
/// wrapped. So a message of several lines cannot look like several messages.
public struct Paragraph: Hashable, Sendable {
    /// What stands before the first row: a time, a name.
    public var lead: TerminalText

    /// What stands before all other rows.
    public var indent: TerminalText

    /// The text itself.
    public var body: TerminalText

    /// Creates a paragraph.
    ///
    /// - Parameters:
    ///   - body: The text.
    ///   - lead: What stands before its first row; nothing by default.
    ///   - indent: What stands before all other rows; two spaces by default.
    public init(_ body: TerminalText, lead: TerminalText = "", indent: TerminalText = "  ") {
        self.lead = lead
        self.indent = indent
        self.body = body
    }

    /// The rows of the paragraph on a screen of so many columns, wrapped between words.
    ///
    /// What stands before a row takes at most half of it, so that there is always room for text; of
    /// a longer one its end stays, which divides it from the text.
    public func rows(columns: Int) -> [TerminalText] {
        let columns = max(columns, TerminalSize.minimumColumns)
        let lead = Self.shortened(lead, to: columns / 2)
        let indent = indent.truncated(to: columns / 2)
        var rows: [TerminalText] = []
        for line in body.lines {
            var rest = line[...]
            repeat {
                let prefix = rows.isEmpty ? lead : indent
                let row = Self.takeRow(from: &rest, columns: columns - prefix.width)
                rows.append(prefix + TerminalText(row))
            } while !rest.isEmpty
        }
        return rows
    }

    /// Glyphs at the end of what stands before a row that divide it from the text: a colon and a
    /// space, or two spaces.
    private static let dividingGlyphs = 2

    private static func shortened(_ lead: TerminalText, to columns: Int) -> TerminalText {
        guard lead.width > columns, let glyphs = lead.lines.first else {
            return lead.truncated(to: columns)
        }
        let end = TerminalText(Array(glyphs.suffix(dividingGlyphs)))
        return lead.truncated(to: columns - end.width) + end
    }

    /// Takes the glyphs of the next row off a line, together with the spaces it is broken at.
    private static func takeRow(from line: inout ArraySlice<Glyph>, columns: Int) -> [Glyph] {
        var end = line.startIndex
        var used = 0
        while end < line.endIndex, used + line[end].width <= columns {
            used += line[end].width
            end += 1
        }
        if end == line.startIndex, let wide = line.first {
            // Wider than the whole row: shown as something that fits, so that rows always advance.
            line = line.dropFirst()
            return [Glyph(character: "\u{FFFD}", style: wide.style, width: 1)]
        }
        end = wordBoundary(in: line, before: end)
        let row = line[..<end]
        line = line[end...]
        guard !line.isEmpty else { return Array(row) }
        line = line.drop { $0.character == " " }
        return Array(row)
    }

    /// The last place at or before `end` where a word ends; `end` itself if one word fills the row.
    private static func wordBoundary(in line: ArraySlice<Glyph>, before end: Int) -> Int {
        guard end < line.endIndex, line[end].character != " " else { return end }
        let space = line[..<end].lastIndex { $0.character == " " }
        guard let space, line[..<space].contains(where: { $0.character != " " }) else {
            return end
        }
        return space
    }
}
