/// Looks for anchors in YAML without parsing it.
///
/// It finds every anchor there is. What it takes for one within quotes, such as `"a, &b"`, is
/// rare enough to be written otherwise.
enum AnchorScan {
    /// What an anchor may follow directly, or with space between (YAML 1.2.2, section 6.9).
    private static let openers: Set<Character> = ["-", "?", ":", "[", "{", ",", "\u{FEFF}"]

    /// The first line with an anchor, from 1.
    static func firstLine(withAnchorIn text: String) -> Int? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.firstIndex(where: hasAnchor).map { $0 + 1 }
    }

    private static func hasAnchor(_ line: Substring) -> Bool {
        line.indices.contains { index in
            guard line[index] == "&", let next = line[index...].dropFirst().first,
                !next.isWhitespace
            else { return false }
            return mayBegin(after: line[..<index])
        }
    }

    /// Whether a node may begin where this is before it on its line: at the line's beginning, after
    /// an indicator or after a tag.
    private static func mayBegin(after before: Substring) -> Bool {
        guard let end = before.lastIndex(where: { !$0.isWhitespace }) else { return true }
        if openers.contains(before[end]) { return true }
        let gap = before[...end].lastIndex(where: \.isWhitespace)
        let word = gap.map { before[...end][$0...].dropFirst() } ?? before[...end]
        let isApart = before.index(after: end) < before.endIndex
        return isApart && word.contains("!")
    }
}
