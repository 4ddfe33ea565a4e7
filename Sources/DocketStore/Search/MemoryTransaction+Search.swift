extension MemoryTransaction {
    func followed(_ follower: Follower) -> UInt64 {
        switch follower {
        case .rows: position().head
        case .search: state.indexedUpTo
        }
    }

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

    func follow(_ follower: Follower, atMost count: UInt64) -> UInt64 {
        if case .search = follower {
            state.indexedUpTo += min(count, position().head - state.indexedUpTo)
        }
        return followed(follower)
    }

    func removeFromIndex(_ offset: UInt64, text: String) {
        guard offset <= state.indexedUpTo else { return }
        state.removedFromIndex.insert(offset)
    }
}
