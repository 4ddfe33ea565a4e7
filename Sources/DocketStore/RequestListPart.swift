package import DocketDomain

/// The requests with one key, by which a store finds them: a list is made of such parts.
package enum RequestListPart: Hashable, Sendable {
    /// Those of a category.
    case category(StatusCategory)
    /// Those of a category that an agent has, or nobody.
    case assignee(AgentID?, StatusCategory)
    /// Those with a status.
    case status(StatusKey)
    /// Those of a category on a channel.
    case channel(ChannelKey, StatusCategory)
    /// Those of a conversation.
    case conversation(ConversationID)

    /// Whether a request belongs to the part.
    package func includes(_ request: SupportRequest) -> Bool {
        switch self {
        case .category(let category): request.category == category
        case .assignee(let agent, let category):
            request.assignee?.id == agent && request.category == category
        case .status(let status): request.status == status
        case .channel(let channel, let category):
            request.channel == channel && request.category == category
        case .conversation(let conversation): request.conversation == conversation
        }
    }
}

extension StoreReading {
    /// The parts out of which a list is made, none of which has a request of another: by what as a
    /// rule leaves the fewest requests.
    package func parts(of filter: RequestFilter) throws(StoreError) -> [RequestListPart] {
        if let conversation = filter.conversation { return [.conversation(conversation)] }
        if let contact = filter.contact {
            return try conversations(of: contact).map { .conversation($0) }
        }
        let named = filter.categories.isEmpty ? StatusCategory.allCases : filter.categories
        let categories = Set(named)
        if case .agent(let agent) = filter.ownership {
            return categories.map { .assignee(agent, $0) }
        }
        if !filter.statuses.isEmpty { return Set(filter.statuses).map { .status($0) } }
        if let channel = filter.channel { return categories.map { .channel(channel, $0) } }
        if filter.ownership == .none { return categories.map { .assignee(nil, $0) } }
        return categories.map { .category($0) }
    }
}
