extension MemoryTransaction {
    func indexedUpTo() -> UInt64 { state.indexedUpTo }

    func search(
        _ query: SearchQuery,
        before offset: UInt64,
        limit: Int
    ) -> [LogEntry] {
        let indexed = state.log.prefix(Int(clamping: state.indexedUpTo)).lazy.map(\.entry)
        let candidates = indexed.reversed().lazy.filter { entry in
            entry.offset < offset && !self.state.removedFromIndex.contains(entry.offset)
        }
        return Array(
            candidates.filter { $0.searchableText.map(query.matches) ?? false }.prefix(limit)
        )
    }

    func index(through offset: UInt64) {
        state.indexedUpTo = max(state.indexedUpTo, min(offset, position().head))
    }

    func removeFromIndex(_ offset: UInt64, text: String) {
        guard offset <= state.indexedUpTo else { return }
        state.removedFromIndex.insert(offset)
    }
}
