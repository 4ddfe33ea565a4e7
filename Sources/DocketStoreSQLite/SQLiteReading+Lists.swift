internal import DocketDomain
internal import DocketStore

extension SQLiteReading {
    /// Reads each part of the list by an index and merges them, as no index is ordered by number
    /// over several keys.
    func requests(_ filter: RequestFilter) throws(StoreError) -> [SupportRequest] {
        var requests: [SupportRequest] = []
        for part in try parts(of: filter) { requests += try self.requests(filter, in: part) }
        let ordered =
            switch filter.order {
            case .oldestFirst: requests.sorted { $0.number < $1.number }
            case .newestFirst: requests.sorted { $0.number > $1.number }
            }
        return Array(ordered.prefix(filter.limit))
    }

    /// The parts out of which a list is made: by what as a rule leaves the fewest requests.
    private func parts(of filter: RequestFilter) throws(StoreError) -> [ListPart] {
        if let conversation = filter.conversation { return [.conversation(conversation)] }
        if let contact = filter.contact {
            return try conversations(of: contact).map { .conversation($0) }
        }
        let categories = filter.categories.isEmpty ? StatusCategory.allCases : filter.categories
        if case .agent(let agent) = filter.ownership {
            return categories.map { .assignee(agent, $0) }
        }
        if !filter.statuses.isEmpty { return Set(filter.statuses).map { .status($0) } }
        if let channel = filter.channel { return categories.map { .channel(channel, $0) } }
        if filter.ownership == .none { return categories.map { .assignee(nil, $0) } }
        return categories.map { .category($0) }
    }

    /// The first requests of a part that are to be listed, read on until there are enough.
    private func requests(
        _ filter: RequestFilter,
        in part: ListPart
    ) throws(StoreError) -> [SupportRequest] {
        var found: [SupportRequest] = []
        var place = filter.afterNumber ?? (filter.order == .oldestFirst ? 0 : .max)
        while true {
            let read = try rows(
                filter.order == .oldestFirst ? part.list.oldestFirst : part.list.newestFirst,
                part.key + [.number(place), .number(filter.limit)]
            ) { try $0.situation().situation.request }.compactMap(\.self)
            found += read.filter(filter.includes)
            guard read.count == filter.limit, found.count < filter.limit, let last = read.last
            else { return found }
            place = last.number
        }
    }
}

/// The requests with one key of an index.
private enum ListPart {
    case category(StatusCategory)
    case assignee(AgentID?, StatusCategory)
    case status(StatusKey)
    case channel(ChannelKey, StatusCategory)
    case conversation(ConversationID)

    var list: Statements.RequestList {
        switch self {
        case .category: Statements.requestsInCategory
        case .assignee: Statements.requestsOfAssignee
        case .status: Statements.requestsWithStatus
        case .channel: Statements.requestsOnChannel
        case .conversation: Statements.requestsInConversation
        }
    }

    var key: [SQLValue] {
        switch self {
        case .category(let category): [.number(category.rawValue)]
        case .assignee(let agent, let category): [.id(agent), .number(category.rawValue)]
        case .status(let status): [.text(status)]
        case .channel(let channel, let category): [.text(channel), .number(category.rawValue)]
        case .conversation(let conversation): [.id(conversation)]
        }
    }
}
