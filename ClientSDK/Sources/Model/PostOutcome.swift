/// What became of a message.
public enum PostOutcome: Hashable, Sendable {
    /// The message is stored for good.
    case posted(Receipt)
    /// The message will never be accepted.
    case refused(Refusal)
}

/// The server's word that a message is stored.
public struct Receipt: Hashable, Sendable {
    /// The message.
    public let messageID: MessageID
    /// Its place in the order of everything.
    public let offset: UInt64
    /// Its place among the public entries of its request, from 1.
    public let sequence: UInt64
    /// The request it went to.
    public let requestID: RequestID
    /// That request's number.
    public let requestNumber: UInt64
    /// When the server took it.
    public let acceptedAt: Timestamp
}

/// Why the server will not do something.
public struct Refusal: Hashable, Sendable {
    /// The stable word of the protocol's registry, such as `already_assigned`.
    public let reason: String
    /// For a person who debugs; not for customers.
    public let message: String
    /// What the reason is about, such as a field's name; empty for most.
    public let particulars: String

    /// Describes a refusal.
    public init(reason: String, message: String, particulars: String) {
        self.reason = reason
        self.message = message
        self.particulars = particulars
    }
}
