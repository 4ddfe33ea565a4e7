package import DocketDomain

/// Which requests to list, by ascending number: the one opened first comes first.
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

    /// The categories.
    package let categories: [StatusCategory]
    /// Whose requests.
    package let ownership: Ownership
    /// Only requests with a number above this.
    package let afterNumber: UInt64
    /// How many at most.
    package let limit: Int

    /// Describes which requests to list.
    package init(
        categories: [StatusCategory],
        ownership: Ownership,
        afterNumber: UInt64,
        limit: Int
    ) {
        self.categories = categories
        self.ownership = ownership
        self.afterNumber = afterNumber
        self.limit = limit
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
