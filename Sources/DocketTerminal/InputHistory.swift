/// What was submitted before, to be brought back line by line.
struct InputHistory: Equatable, Sendable {
    /// Entries kept; the oldest go.
    static let maximumEntries = 500

    private var entries: [String] = []

    /// The entry that is shown; behind the last while the person's own draft is.
    private var place = 0

    /// The draft that was left for an older entry.
    private var ownDraft = ""

    /// Adds what was submitted, unless it repeats the newest, and goes back to the end.
    mutating func add(_ entry: String) {
        if entries.last != entry {
            entries.append(entry)
            entries.removeFirst(max(0, entries.count - Self.maximumEntries))
        }
        place = entries.count
        ownDraft = ""
    }

    /// The next older entry; nothing at the oldest.
    ///
    /// - Parameter draft: What stands in the prompt, kept if it is the person's own draft.
    /// - Returns: The entry.
    mutating func older(than draft: String) -> String? {
        guard place > 0 else { return nil }
        if place == entries.count {
            ownDraft = draft
        }
        place -= 1
        return entries[place]
    }

    /// The next newer entry, behind the newest the person's own draft; nothing there.
    mutating func newer() -> String? {
        guard place < entries.count else { return nil }
        place += 1
        return place == entries.count ? ownDraft : entries[place]
    }
}
