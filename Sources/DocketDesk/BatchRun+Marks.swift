internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// How many entries are read first, since mostly the newest is what a mark is about, and how
    /// many at a time after those.
    private static let entriesAtFirst = 8
    private static let entriesAtOnce = 64

    /// The offset of the newest entry that a mark covers beyond an earlier one and that is no mark
    /// itself; 0 where there is none.
    ///
    /// What a contact may not see does not count for it, or its marks would tell it that notes
    /// exist. After as many entries in a row as are looked at, the oldest of them counts, whatever
    /// it is: whoever else has read may have covered what this author has not.
    func newestMarkable(
        in conversation: ConversationID,
        upTo offset: UInt64,
        after mark: UInt64,
        by principal: Principal
    ) throws(StoreError) -> UInt64 {
        let last = min(offset, head)
        guard last > mark else { return 0 }
        let limit = parts.limits.examinedMarks
        var place = last.addingReportingOverflow(1).partialValue
        var examined = 0
        while examined < limit {
            let wanted = examined == 0 ? Self.entriesAtFirst : Self.entriesAtOnce
            let length = min(wanted, limit - examined)
            // All of them are read, and not only those that a contact may see: the rest would be
            // passed over by the store without being counted.
            let page = try transaction.entries(
                in: conversation,
                .before(place),
                limit: length,
                for: .staff
            )
            for entry in page.reversed() {
                guard entry.offset > mark else { return 0 }
                guard entry.isMark || (entry.audience == .staff && !principal.isStaff) else {
                    return entry.offset
                }
            }
            guard let oldest = page.first, page.count == length else { return 0 }
            place = oldest.offset
            examined += length
        }
        return place
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
