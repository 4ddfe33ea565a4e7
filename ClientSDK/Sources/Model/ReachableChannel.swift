/// A channel on which the caller may open conversations or requests.
public struct ReachableChannel: Hashable, Sendable {
    /// The key by which it is opened.
    public let key: String
    /// What people call it.
    public let name: String
    /// What kind of request a message on it opens.
    public let opens: RequestKind
    /// Whether a request on it must have a title.
    public let requiresTitle: Bool
}
