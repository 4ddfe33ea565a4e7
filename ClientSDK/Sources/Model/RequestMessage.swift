/// A message that belongs to a request now, wherever it was said.
public struct RequestMessage: Hashable, Sendable {
    /// Its place among the request's public entries.
    public let sequence: UInt64
    /// The message as it was said; its request is the one to which it was said.
    public let event: Event
}

/// A page of a request's messages.
public struct RequestMessagePage: Hashable, Sendable {
    /// The messages, in the order of their places.
    public let messages: [RequestMessage]
    /// Whether there are more behind the last.
    public let hasMore: Bool
}

/// The requests before and after one in its conversation, past those that were merged.
public struct RequestNeighbours: Hashable, Sendable {
    /// The one before; nil for the first.
    public let previous: SupportRequest?
    /// The one after; nil for the last.
    public let next: SupportRequest?
}
