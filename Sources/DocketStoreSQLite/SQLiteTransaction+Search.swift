internal import DocketStore

extension SQLiteTransaction {
    func index(through offset: UInt64) throws(StoreError) {
        let first = try indexedUpTo()
        let last = min(offset, try position().head)
        guard last > first else { return }
        for entry in try entries(after: first, limit: Int(clamping: last - first)) {
            guard let text = entry.searchableText else { continue }
            let words = SearchWords.folded(text)
            try execute(Statements.addToIndex, [.number(entry.offset), .text(words)])
        }
        try execute(Statements.keepIndexedUpTo, [.number(last)])
    }

    func removeFromIndex(_ offset: UInt64, text: String) throws(StoreError) {
        // To take out what was never put in would spoil the index.
        guard offset <= (try indexedUpTo()) else { return }
        let words = SearchWords.folded(text)
        try execute(Statements.removeFromIndex, [.number(offset), .text(words)])
    }
}
