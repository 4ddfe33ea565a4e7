internal import DocketClient

/// The newest part of a conversation that is stored on this machine without a part missing.
struct KnownTimeline {
    /// What is shown.
    let page: HistoryPage
    /// How many messages stand before it; nil where that is not known.
    let earlier: Int?

    /// Reads a view.
    ///
    /// - Parameters:
    ///   - view: What is stored; nil for nothing.
    ///   - count: How many events are shown.
    init(_ view: TimelineView?, showing count: Int) {
        let items = view?.items ?? []
        let hole = items.lastIndex { if case .missing = $0 { true } else { false } }
        let events = items[(hole.map { $0 + 1 } ?? 0)...].compactMap { item in
            if case .event(let event) = item { event } else { nil }
        }
        let shown = events.suffix(count)
        let left = events.dropLast(shown.count).count(where: { event in
            if case .messagePosted = event.fact { true } else { false }
        })
        let isComplete = view?.isComplete ?? false
        let first = shown.first?.offset ?? 0
        page = HistoryPage(
            events: Array(shown),
            range: first...max(first, shown.last?.offset ?? 0),
            hasMore: !shown.isEmpty && (!isComplete || shown.count < events.count)
        )
        earlier = isComplete ? left : nil
    }
}
