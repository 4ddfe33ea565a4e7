/// How a relay stands.
public struct RelayCondition: Hashable, Sendable {
    /// Whether everything is taken in that the desk has said so far.
    public let isLevel: Bool
    /// How many incoming messages are not in the outbox yet.
    public let incoming: Int
    /// How many messages of the desk are not delivered yet.
    public let outgoing: Int
    /// How many of both stand still until somebody decides; those in the outbox are told by
    /// `DocketClient.outbox`.
    public let parked: Int
    /// How long ago the desk said what is the oldest that is not delivered.
    public let lag: Duration
    /// Why nothing goes on; nil while it does.
    public let trouble: DocketClientError?
}

/// A message that stands still until somebody retries or discards it.
public struct ParkedMessage: Hashable, Sendable {
    /// Which way it goes.
    public enum Direction: Hashable, Sendable {
        /// From the other system to the desk, which refused it.
        case incoming
        /// From the desk to the other system, whose relay failed at it.
        case outgoing
    }

    /// The message's id on the desk.
    public let message: MessageID
    /// Which way it goes.
    public let direction: Direction
    /// Whose it is, or for whom; nil where that is not known any more.
    public let contact: ExternalContact?
    /// Why it stands still; for a person.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let reason: String
    /// Since when; nil where that is not known.
    public let since: Timestamp?
    /// How many messages of its line wait behind it.
    public let behind: Int
}
