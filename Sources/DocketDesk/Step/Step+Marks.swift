internal import DocketDomain
internal import DocketStore

extension Step {
    /// How many entries are read first, since mostly the newest is what a mark is about, and how
    /// many at a time after those.
    private static let entriesAtFirst = 8
    private static let entriesAtOnce = 64

    /// The newest entries that a mark covers beyond an earlier one and that are no marks.
    ///
    /// What a contact may not see does not count for it, or its marks would tell it that notes
    /// exist. After as many entries in a row as are looked at, whoever else has read may have
    /// covered what this author has not: for the staff the oldest of them counts, whatever it is,
    /// and for a contact the newest that it may see.
    func entriesMarked(
        in conversation: ConversationID,
        upTo offset: UInt64,
        after mark: UInt64
    ) throws(Interruption) -> MarkedEntries {
        let last = min(offset, workspace.head)
        guard last > mark else { return MarkedEntries() }
        let limit = conditions.limits.examinedMarks
        var found = MarkSearch()
        var place = last.addingReportingOverflow(1).partialValue
        var examined = 0
        while examined < limit {
            let wanted = examined == 0 ? Self.entriesAtFirst : Self.entriesAtOnce
            let length = min(wanted, limit - examined)
            // All of them are read, and not only those that a contact may see: the rest would be
            // passed over by the store without being counted.
            let page = try workspace.find(
                EntriesNeed(conversation: conversation, before: place, limit: length)
            )
            for entry in page.reversed() {
                guard entry.offset > mark, found.newestForContact == nil else {
                    return found.entries
                }
                found.look(at: entry)
            }
            guard let oldest = page.first, page.count == length else { return found.entries }
            place = oldest.offset
            examined += length
        }
        return found.entries(after: place, isStaff: audience == .staff)
    }
}

/// A search for what a mark covers, from the newest entry to older ones.
private struct MarkSearch {
    private var newest: UInt64?
    private(set) var newestForContact: UInt64?
    private var newestShown: UInt64?

    /// Looks at the next entry.
    mutating func look(at entry: LogEntry) {
        let isShown = entry.audience == .conversation
        if isShown { newestShown = newestShown ?? entry.offset }
        guard newest == nil || isShown, !entry.isMark else { return }
        newest = newest ?? entry.offset
        if isShown { newestForContact = entry.offset }
    }

    /// What was found.
    var entries: MarkedEntries {
        MarkedEntries(newest: newest ?? 0, newestForContact: newestForContact ?? 0)
    }

    /// What was found, or stands for it where the search ended early, at an offset.
    func entries(after place: UInt64, isStaff: Bool) -> MarkedEntries {
        let shown = isStaff ? newestForContact : newestForContact ?? newestShown
        return MarkedEntries(newest: newest ?? place, newestForContact: shown ?? 0)
    }
}

extension LogEntry {
    /// Whether it says how far somebody has read, or what has reached somebody.
    fileprivate var isMark: Bool {
        switch Event(encoded: event)?.fact {
        case .readMarked, .receivedMarked: true
        default: false
        }
    }
}
