/// Looks for anchors in YAML without parsing it.
///
/// It finds every anchor there is. What it takes for one within quotes, such as `"a, &b"`, is
/// rare enough to be written otherwise.
enum AnchorScan {
    private static let mark = UInt8(ascii: "&")
    private static let tagMark = UInt8(ascii: "!")
    /// What an anchor may follow, directly or with space between (YAML 1.2.2, section 6.9).
    private static let openers = Set("-?:[{,".utf8)
    private static let blanks = Set(" \t\n\r".utf8)
    private static let spaces = Set(" \t".utf8)
    /// What ends a line for some version of YAML, and the mark of byte order, which counts as
    /// nothing.
    private static let lineEnds: [[UInt8]] = [
        [0x0A], [0x0D], [0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9], [0xEF, 0xBB, 0xBF],
    ]

    /// The first line with an anchor, from 1.
    static func firstLine(withAnchorIn text: String) -> Int? {
        guard text.utf8.contains(mark) else { return nil }
        let bytes = Array(text.utf8)
        let found = bytes.indices.first { position in
            guard bytes[position] == mark, position + 1 < bytes.count,
                !blanks.contains(bytes[position + 1])
            else { return false }
            return mayBegin(after: bytes[..<position])
        }
        return found.map { place in 1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") } }
    }

    /// Whether a node may begin where this is before it: at a line's beginning, after an indicator
    /// or after a tag.
    private static func mayBegin(after before: ArraySlice<UInt8>) -> Bool {
        guard let end = before.lastIndex(where: { !spaces.contains($0) }) else { return true }
        if openers.contains(before[end]) { return true }
        if lineEnds.contains(where: before[...end].ends(with:)) { return true }
        guard end + 1 < before.endIndex else { return false }
        let gap = before[...end].lastIndex(where: blanks.contains)
        return before[(gap ?? before.startIndex)...end].contains(tagMark)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count) == suffix[...] }
}
