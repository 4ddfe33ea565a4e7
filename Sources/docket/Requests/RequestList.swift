internal import DocketClient

/// Requests of a selection that were read page by page.
struct RequestList {
    /// Requests of a page: as many as the server gives.
    private static let pageLimit = 200

    /// The requests, in the order of the selection.
    var requests: [SupportRequest] = []
    /// Whether there are no others.
    var isWhole = false

    /// Reads pages until there are no more, or so many requests.
    ///
    /// A page may be short, or empty, although another follows.
    ///
    /// - Parameters:
    ///   - bound: How many requests at most.
    ///   - read: Reads so many requests of a page.
    /// - Throws: What `read` throws.
    init(
        atMost bound: Int,
        _ read: (Int, PageToken?) async throws(DocketClientError) -> RequestPage
    ) async throws(DocketClientError) {
        var page: PageToken?
        repeat {
            let found = try await read(min(bound - requests.count, Self.pageLimit), page)
            requests += found.requests
            page = found.next
        } while page != nil && requests.count < bound
        isWhole = page == nil
    }
}

extension Requests {
    /// The first requests of a selection, so many at most.
    func list(
        _ selection: RequestSelection,
        atMost bound: Int
    ) async throws(DocketClientError) -> RequestList {
        try await RequestList(atMost: bound) { (limit, page) async throws(DocketClientError) in
            try await list(selection, limit: limit, page: page)
        }
    }
}
