/// One grapheme with its style and its cells, the unit in which text is laid out.
struct Glyph: Equatable {
    var character: Character
    var style: TextStyle
    var width: Int
}

extension TerminalText {
    /// The lines of the text as glyphs; an empty text is one empty line.
    var lines: [[Glyph]] {
        var lines: [[Glyph]] = [[]]
        for span in spans {
            for character in span.text {
                if character == "\n" {
                    lines.append([])
                } else {
                    let width = GlyphWidth.cells(of: character)
                    let glyph = Glyph(character: character, style: span.style, width: width)
                    lines[lines.count - 1].append(glyph)
                }
            }
        }
        return lines
    }

    /// Creates one line from glyphs.
    init(_ glyphs: some Sequence<Glyph>) {
        self.init(clean: "")
        for glyph in glyphs {
            append(Span(text: String(glyph.character), style: glyph.style))
        }
    }

    /// The first line in at most so many cells, with an ellipsis in place of what does not fit.
    ///
    /// - Parameter columns: The cells there are; with none the result is empty.
    /// - Returns: One line.
    public func truncated(to columns: Int) -> TerminalText {
        let lines = self.lines
        guard let first = lines.first, columns > 0 else { return "" }
        let width = first.reduce(0) { $0 + $1.width }
        if width <= columns && lines.count == 1 {
            return TerminalText(first)
        }
        var kept = Self.prefix(of: first, columns: columns - 1)
        let style = kept.last?.style ?? first.first?.style ?? .plain
        kept.append(Glyph(character: "…", style: style, width: 1))
        return TerminalText(kept)
    }

    /// The longest beginning of the glyphs that fits into so many cells.
    static func prefix(of glyphs: [Glyph], columns: Int) -> [Glyph] {
        var used = 0
        return Array(
            glyphs.prefix { glyph in
                used += glyph.width
                return used <= columns
            }
        )
    }

    /// The text as bytes of a terminal, each run with its style set before and reset after it.
    ///
    /// - Parameter colours: Whether colours are written; emphasis always is.
    /// - Returns: The text with its styles.
    func encoded(colours: Bool) -> String {
        spans.reduce(into: "") { result, span in
            let parameters = span.style.parameters(colours: colours)
            guard !parameters.isEmpty else { return result += span.text }
            result += "\u{1B}[\(parameters.joined(separator: ";"))m\(span.text)\u{1B}[0m"
        }
    }
}
