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
    /// Whether the last opened comes first.
    public var newestFirst = false

    /// Selects everybody's requests, or those of an ownership, oldest first.
    public init(_ ownership: Requests.Ownership = .any) {
        self.ownership = ownership
    }
}
