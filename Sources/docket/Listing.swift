internal import DocketClient

/// The items of a list that were read page by page.
struct Listing<Item: Hashable & Sendable> {
    /// The items, in the order of the list.
    private(set) var items: [Item] = []
    /// Whether there are no others.
    private(set) var isWhole = false

    /// Items of a page: as many as the server gives.
    private static var pageLimit: Int { 200 }

    /// Reads pages until there are no more, or so many items.
    ///
    /// A page may be short, or empty, although another follows.
    ///
    /// - Parameters:
    ///   - bound: How many items at most; all where nothing is said.
    ///   - read: Reads so many items of a page.
    /// - Throws: What `read` throws.
    init(
        atMost bound: Int = .max,
        _ read: (Int, PageToken?) async throws(DocketClientError) -> Page<Item>
    ) async throws(DocketClientError) {
        var page: PageToken?
        repeat {
            let found = try await read(min(bound - items.count, Self.pageLimit), page)
            items += found.items
            page = found.next
        } while page != nil && items.count < bound
        isWhole = page == nil
    }
}

extension Requests {
    /// The first requests of a selection, so many at most.
    func list(
        _ selection: RequestSelection,
        atMost bound: Int
    ) async throws(DocketClientError) -> Listing<SupportRequest> {
        try await Listing(atMost: bound) { (limit, page) async throws(DocketClientError) in
            try await list(selection, limit: limit, page: page)
        }
    }
}
