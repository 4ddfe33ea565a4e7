internal import DocketDomain
package import DocketStore
package import Foundation

/// A page of what a search has found.
package struct SearchPage: Hashable, Sendable {
    /// The hits, the newest first; fewer than were asked for, or none, where few pass the filter.
    package let hits: [SearchHit]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
    /// The offset up to which everything was looked through.
    package let indexedUpTo: UInt64
    /// The offset of the log's last entry.
    package let head: UInt64
}

extension Desk {
    /// Finds messages, notes and requests for the staff, the newest first.
    ///
    /// More hits than the longest page has count as that, and no page looks at more hits than the
    /// desk's limit: only a search without a next page has ended. What was said a moment ago may
    /// not be in the index yet: the page says how far that has come.
    package func search(
        _ search: SearchQuery,
        _ filter: SearchFilter = SearchFilter(),
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> SearchPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let bound = max(limits.examinedHits, 1)
        let epoch = position.epoch
        let place = try PageToken.parse(page, of: .hits, epoch: epoch)?.place ?? .max
        return try await query { reading throws(QueryError) -> SearchPage in
            try storing { () throws(StoreError) in
                var listing = HitListing(search, filter, before: place, count: count, bound: bound)
                while !listing.isComplete { try listing.examineMore(in: reading) }
                return SearchPage(
                    hits: listing.hits,
                    nextPage: listing.continuesBefore.map {
                        PageToken(.hits, epoch: epoch, place: $0).data
                    },
                    indexedUpTo: try reading.followed(.search),
                    head: try reading.position().head
                )
            }
        }
    }
}

/// Chooses the hits of one page out of what the index has.
private struct HitListing {
    private let query: SearchQuery
    private let filter: SearchFilter
    private let count: Int
    private let bound: Int
    private var place: UInt64
    private var examined = 0
    private(set) var hits: [SearchHit] = []
    /// Whether the page has ended, with the search or before it.
    private(set) var isComplete = false
    /// The offset before which the search goes on; `nil` where it has ended.
    private(set) var continuesBefore: UInt64?

    init(
        _ query: SearchQuery,
        _ filter: SearchFilter,
        before place: UInt64,
        count: Int,
        bound: Int
    ) {
        self.query = query
        self.filter = filter
        self.place = place
        self.count = count
        self.bound = bound
    }

    /// Reads on, and looks at what was read until the page is full.
    ///
    /// One more than the page has room for is read too, since it alone tells whether the search
    /// goes on.
    mutating func examineMore(in reading: any StoreReading) throws(StoreError) {
        let found = try reading.search(query, before: place, limit: count + 1)
        for entry in found {
            guard examined < bound, hits.count < count else {
                continuesBefore = place
                isComplete = true
                return
            }
            examined += 1
            place = entry.offset
            guard let hit = try SearchHit(entry, of: query, in: reading) else { continue }
            if filter.includes(hit) { hits.append(hit) }
        }
        isComplete = found.count <= count
    }
}
