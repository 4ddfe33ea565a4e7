public import DocketClient

extension QueuedMessage {
    /// How many characters of a text tell it from others.
    private static let longestExcerpt = 60

    /// What is to be said, in a few words: the beginning of its text, or the names of its files.
    public var excerpt: String {
        guard !text.isEmpty else { return attachments.map(\.name).joined(separator: ", ") }
        let line = text.prefix { !$0.isNewline }.prefix(Self.longestExcerpt)
        return line.count < text.count ? "\(line)…" : text
    }
}
