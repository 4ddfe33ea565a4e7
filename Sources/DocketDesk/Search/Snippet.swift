/// The part of a text that shows why it was found.
enum Snippet {
    /// How many bytes of UTF-8 a snippet has at most: some three lines of a terminal.
    static let bytes = 240
    /// How many bytes before the match are shown, where what follows it needs the rest.
    static let leadingBytes = 60
    /// What stands for the part that is left out.
    private static let ellipsis = "…"

    /// The text around a match, cut between characters.
    static func of(_ text: String, around match: Range<String.Index>) -> String {
        guard text.utf8.count > bytes else { return text }
        let room = bytes - 2 * ellipsis.utf8.count
        let before = text[..<match.lowerBound]
        let after = text[match.lowerBound...]
        let lead = min(before.utf8.count, max(leadingBytes, room - after.utf8.count))
        let head = suffix(of: before, bytes: lead)
        let tail = prefix(of: after, bytes: room - head.utf8.count)
        let opening = head.startIndex == text.startIndex ? "" : ellipsis
        let ending = tail.endIndex == text.endIndex ? "" : ellipsis
        return opening + head + tail + ending
    }

    /// The first characters of a text that have room in so many bytes.
    private static func prefix(of text: Substring, bytes: Int) -> Substring {
        var room = bytes
        return text.prefix { character in
            room -= character.utf8.count
            return room >= 0
        }
    }

    /// The last characters of a text that have room in so many bytes.
    private static func suffix(of text: Substring, bytes: Int) -> Substring {
        var start = text.endIndex
        var room = bytes
        while start > text.startIndex {
            let before = text.index(before: start)
            room -= text[before..<start].utf8.count
            guard room >= 0 else { break }
            start = before
        }
        return text[start...]
    }
}
