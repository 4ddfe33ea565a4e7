package import DocketDomain

/// Which requests to list, and which part of the list.
package struct RequestFilter: Hashable, Sendable {
    /// Whose requests.
    package enum Ownership: Hashable, Sendable {
        /// Everybody's and nobody's.
        case any
        /// An agent's.
        case agent(AgentID)
        /// Nobody's.
        case none
    }

    /// In which order.
    package enum Order: Hashable, Sendable, CaseIterable {
        /// By ascending number: the one opened first comes first.
        case oldestFirst
        /// By descending number: the one opened last comes first.
        case newestFirst
    }

    /// The categories; none means all.
    package var categories: [StatusCategory]
    /// The keys of the statuses; none means all.
    package var statuses: [StatusKey]
    /// Whose requests.
    package var ownership: Ownership
    /// The contact who asks; `nil` for any.
    package var contact: ContactID?
    /// The conversation; `nil` for any.
    package var conversation: ConversationID?
    /// The channel; `nil` for any.
    package var channel: ChannelKey?
    /// Whether those are listed too of which contacts hear nothing.
    package var includesInternal = true
    /// The keys of the topics; none means all.
    package var topics: [TopicKey] = []
    /// The keys of the types; none means all.
    package var types: [TypeKey] = []
    /// The keys of the priorities; none means all.
    package var priorities: [PriorityKey] = []
    /// Tags, all of which a request has to have.
    package var tags: [String] = []
    /// Whether only those are listed whose contact waits for an answer.
    package var isWaitingOnly = false
    /// Whether only those are listed in which somebody talks live.
    package var isLiveOnly = false
    /// In which order.
    package var order: Order
    /// Only requests behind this number in the order; `nil` for the beginning.
    package var afterNumber: UInt64?
    /// How many at most.
    package var limit: Int
    /// How many requests to look at at most, whether they are listed or not.
    package var examined: Int

    /// Describes which requests to list.
    package init(
        categories: [StatusCategory] = [],
        ownership: Ownership = .any,
        afterNumber: UInt64? = nil,
        limit: Int,
        statuses: [StatusKey] = [],
        contact: ContactID? = nil,
        conversation: ConversationID? = nil,
        channel: ChannelKey? = nil,
        order: Order = .oldestFirst,
        examined: Int = .max
    ) {
        self.categories = categories
        self.ownership = ownership
        self.afterNumber = afterNumber
        self.limit = limit
        self.statuses = statuses
        self.contact = contact
        self.conversation = conversation
        self.channel = channel
        self.order = order
        self.examined = examined
    }

    /// Whether a request is one of those to list, wherever it stands in the list.
    package func includes(_ request: SupportRequest) -> Bool {
        guard categories.isEmpty || categories.contains(request.category),
            statuses.isEmpty || statuses.contains(request.status),
            contact == nil || contact == request.contact.id,
            conversation == nil || conversation == request.conversation,
            channel == nil || channel == request.channel,
            includesInternal || !request.details.isInternal, hasDetails(request),
            !isWaitingOnly || request.turn?.waitingSince != nil,
            !isLiveOnly || request.session != nil
        else { return false }
        switch ownership {
        case .any: return true
        case .agent(let agent): return request.assignee?.id == agent
        case .none: return request.assignee == nil
        }
    }

    /// Whether a request is about what the filter names.
    private func hasDetails(_ request: SupportRequest) -> Bool {
        let details = request.details
        return (topics.isEmpty || details.topic.map(topics.contains) == true)
            && (types.isEmpty || details.type.map(types.contains) == true)
            && (priorities.isEmpty || details.priority.map(priorities.contains) == true)
            && tags.allSatisfy(details.tags.contains)
    }

    /// Whether a number stands behind that of the page before.
    package func reaches(_ number: UInt64) -> Bool {
        guard let afterNumber else { return true }
        switch order {
        case .oldestFirst: return number > afterNumber
        case .newestFirst: return number < afterNumber
        }
    }
}

/// Whose conversations to read.
package enum ConversationScope: Hashable, Sendable {
    /// Everybody's.
    case all
    /// A contact's.
    case contact(ContactID)
    /// Those of a channel.
    case channel(ChannelKey)
}
