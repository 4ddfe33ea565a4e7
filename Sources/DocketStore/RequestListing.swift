package import DocketDomain

/// A part of a list of requests.
package struct ListedRequests: Hashable, Sendable {
    /// The requests, in the order of the list.
    ///
    /// They may be fewer than were asked for, or none, although the list goes on.
    package let requests: [SupportRequest]
    /// The number behind which the list goes on; `nil` where it has ended.
    package let continuesAfter: UInt64?

    /// Describes a part of a list.
    package init(requests: [SupportRequest], continuesAfter: UInt64?) {
        self.requests = requests
        self.continuesAfter = continuesAfter
    }
}

/// Chooses the requests of one page of a list out of those that a store has.
///
/// A store shows it what may be on the list in the list's order, until it has enough. It knows only
/// what it was shown, so that a page never reaches further than the store has read.
package struct RequestListing {
    private let filter: RequestFilter
    private let limit: Int
    private let bound: Int
    private var requests: [SupportRequest] = []
    private var examined = 0
    private var lastExamined: UInt64?
    /// Whether the page ends here and the list goes on.
    package private(set) var isComplete = false

    /// Begins a page; every page looks at one request at least, so that the list comes to its end.
    package init(_ filter: RequestFilter) {
        self.filter = filter
        limit = max(filter.limit, 1)
        bound = max(filter.examined, 1)
    }

    /// Looks at the next request.
    ///
    /// One more than the page has room for is looked at too, since it alone tells whether the list
    /// goes on.
    package mutating func examine(_ request: SupportRequest) {
        let isListed = filter.includes(request)
        guard examined < bound, !isListed || requests.count < limit else {
            isComplete = true
            return
        }
        examined += 1
        lastExamined = request.number
        if isListed { requests.append(request) }
    }

    /// The page, when it is complete or there is nothing more to look at.
    package var page: ListedRequests {
        ListedRequests(requests: requests, continuesAfter: isComplete ? lastExamined : nil)
    }
}
