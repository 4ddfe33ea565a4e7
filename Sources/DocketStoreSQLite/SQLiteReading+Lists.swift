internal import DocketDomain
internal import DocketStore

extension SQLiteReading {
    /// Reads each part of the list by an index and merges them, as no index is ordered by number
    /// over several keys.
    ///
    /// A request counts as looked at when its turn has come, and not when its part was read: the
    /// list never goes on behind a number that another part has not come to.
    func requests(_ filter: RequestFilter) throws(StoreError) -> ListedRequests {
        var parts = try parts(of: filter).map { ListPartReader($0, of: filter) }
        var listing = RequestListing(filter)
        while !listing.isComplete, let request = try next(of: &parts, in: filter.order) {
            listing.examine(request)
        }
        return listing.page
    }

    /// Takes the request that comes first of all parts.
    private func next(
        of parts: inout [ListPartReader],
        in order: RequestFilter.Order
    ) throws(StoreError) -> SupportRequest? {
        var first: (index: Int, number: UInt64)?
        for index in parts.indices {
            guard let number = try parts[index].number(in: self) else { continue }
            if let found = first, !order.puts(number, before: found.number) { continue }
            first = (index, number)
        }
        return first.flatMap { parts[$0.index].take() }
    }
}

extension RequestFilter.Order {
    fileprivate func puts(_ number: UInt64, before other: UInt64) -> Bool {
        switch self {
        case .oldestFirst: number < other
        case .newestFirst: number > other
        }
    }
}

/// Reads the requests of a part one after the other, some of them ahead.
private struct ListPartReader {
    /// How many requests are read at once at most: they are in memory together.
    private static let longestRead = 256

    private let key: [SQLValue]
    private let statement: SQL
    private let length: Int
    /// The number behind which the part goes on.
    private var place: UInt64
    /// What was read ahead, the next one last.
    private var ahead: [SupportRequest] = []
    private var hasEnded = false

    /// Begins at the page of a list; a read is as long as what may be on the page, and one more
    /// that tells whether the list goes on.
    init(_ part: RequestListPart, of filter: RequestFilter) {
        key = part.key
        switch filter.order {
        case .oldestFirst: (statement, place) = (part.list.oldestFirst, filter.afterNumber ?? 0)
        case .newestFirst: (statement, place) = (part.list.newestFirst, filter.afterNumber ?? .max)
        }
        length = min(max(filter.limit, 1), max(filter.examined, 1), Self.longestRead - 1) + 1
    }

    /// The number of the next request; `nil` behind the last.
    mutating func number(in reading: some SQLiteReading) throws(StoreError) -> UInt64? {
        while ahead.isEmpty, !hasEnded { try readOn(in: reading) }
        return ahead.last?.number
    }

    /// Takes the next request, which has been read.
    mutating func take() -> SupportRequest? { ahead.popLast() }

    private mutating func readOn(in reading: some SQLiteReading) throws(StoreError) {
        let arguments = key + [.number(place), .number(length)]
        let found = try reading.values(of: statement, arguments.span) { row in
            (number: row.requestNumber, request: try row.listedRequest())
        }
        hasEnded = found.count < length
        place = found.last?.number ?? place
        ahead = found.reversed().compactMap(\.request)
    }
}

extension RequestListPart {
    /// The index in which the part stands together.
    fileprivate var list: Statements.RequestList {
        switch self {
        case .category: Statements.requestsInCategory
        case .assignee: Statements.requestsOfAssignee
        case .status: Statements.requestsWithStatus
        case .channel: Statements.requestsOnChannel
        case .conversation: Statements.requestsInConversation
        }
    }

    /// The part's key in that index.
    fileprivate var key: [SQLValue] {
        switch self {
        case .category(let category): [.number(category.rawValue)]
        case .assignee(let agent, let category): [.id(agent), .number(category.rawValue)]
        case .status(let status): [.text(status)]
        case .channel(let channel, let category): [.text(channel), .number(category.rawValue)]
        case .conversation(let conversation): [.id(conversation)]
        }
    }
}
