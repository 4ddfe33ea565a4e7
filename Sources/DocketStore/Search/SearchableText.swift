package import DocketDomain

extension Fact {
    /// What of a fact is found by its words: the text of a message or a note.
    package var searchableText: String? {
        if case .messagePosted(let message) = self { return message.text }
        if case .notePosted(let note) = self { return note.text }
        return nil
    }
}

extension LogEntry {
    /// What of an entry is found by its words; `nil` also where this version cannot read the entry.
    package var searchableText: String? { Event(encoded: event)?.fact.searchableText }
}
