/// Which requests to list.
public struct RequestSelection: Hashable, Sendable {
    /// Whose requests.
    public var ownership: Requests.Ownership
    /// Only these categories; none means new, open and waiting, or any where statuses, a contact or
    /// a conversation are named.
    public var categories: [StatusCategory] = []
    /// Only these statuses, by their keys, at most 32; none means any.
    public var statuses: [String] = []
    /// Only requests that this agent has; nil for any.
    ///
    /// Not together with an ownership.
    public var assignee: PartyID?
    /// Only requests of this contact; nil for any.
    public var contact: PartyID?
    /// Only requests of this conversation; nil for any.
    public var conversation: ConversationID?
    /// Only requests on this channel, by its key; nil for any.
    public var channel: String?
    /// Only these topics, by their keys, at most 32; none means any.
    ///
    /// For agents.
    public var topics: [String] = []
    /// Only these types, by their keys, at most 32; none means any.
    ///
    /// For agents.
    public var types: [String] = []
    /// Only these priorities, by their keys, at most 32; none means any.
    ///
    /// For agents.
    public var priorities: [String] = []
    /// Only requests with all of these tags, at most 32.
    ///
    /// For agents.
    public var tags: [String] = []
    /// Only requests whose contact waits for an answer.
    ///
    /// For agents.
    public var isWaitingOnly = false
    /// Only requests in which somebody talks live.
    ///
    /// For agents.
    public var isLiveOnly = false
    /// Whether the last opened comes first.
    public var newestFirst = false

    /// Selects everybody's requests, or those of an ownership, oldest first.
    public init(_ ownership: Requests.Ownership = .any) {
        self.ownership = ownership
    }
}
