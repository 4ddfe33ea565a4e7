/// Text for one line: a subject, a name.
enum OneLine {
    /// The text with line breaks and other control characters as spaces, and one space for several.
    ///
    /// What a terminal or a reader would take for more than a letter goes: marks of direction, for
    /// instance, which make a text look like another.
    static func text(from text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator:
                if let last = line.last, last != " " { line.append(" ") }
            // A joiner of emoji and scripts is the one format character that a name may need.
            case .format where scalar != "\u{200D}" && scalar != "\u{200C}": break
            case .unassigned, .surrogate: break
            default: line.append(scalar)
            }
        }
        if line.last == " " { line.removeLast() }
        return String(line)
    }

    /// The longest beginning of a text with at most so many bytes that breaks no character.
    static func beginning(of text: String, bytes limit: Int) -> String {
        var room = limit
        return String(
            text.prefix { character in
                room -= character.utf8.count
                return room >= 0
            }
        )
    }
}
