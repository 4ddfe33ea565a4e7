internal import Synchronization

/// A message of the desk that is to be delivered to a contact of another system.
///
/// Answer it with `confirm()`, `fail(_:)` or `retry(after:)`. One that is let go of without an
/// answer comes again, and so does one whose process ends: the other system has to know by the
/// external id what it has already.
public final class Delivery: Sendable {
    /// What was said; its text comes from outside.
    public let message: Message
    /// Where it was said.
    public let conversationID: ConversationID
    /// The request that it belongs to.
    public let request: RequestReference
    /// Who said it: an agent, or the desk itself for what the policy writes.
    public let author: Party?
    /// When the desk stored it.
    public let at: Timestamp
    /// Who is to get it.
    public let to: ExternalContact
    /// How often it has been tried, with this time.
    public let attempt: Int

    private let reserved: Mutex<String?>
    private let isAnswered = Mutex(false)
    private let runner: RelayRunner

    init(_ outgoing: QueuedOutgoing, by runner: RelayRunner) {
        let event = Event(outgoing.entry.event, offset: outgoing.entry.offset)
        message = outgoing.message
        conversationID = outgoing.conversation
        request = outgoing.request
        author = event.actor
        at = event.at
        to = outgoing.contact
        attempt = outgoing.attempts + 1
        reserved = Mutex(outgoing.externalID)
        self.runner = runner
    }

    deinit {
        if !isAnswered.withLock({ $0 }) { runner.letGo(message.id) }
    }

    /// What the other system is to call the message, if that was reserved before.
    public var externalID: String? { reserved.withLock { $0 } }

    /// Keeps what the other system is to call the message; when this returns, it is durable.
    ///
    /// Reserve it before the first attempt: then an attempt of which nobody knows whether it came
    /// through is repeated under the same id, and a message that comes back under it is known.
    ///
    /// - Parameter make: Makes the id, 1 to 1,024 bytes; not called where one was reserved before.
    /// - Returns: The id.
    /// - Throws: `invalidInput` for an id that cannot be used, and why it cannot be kept.
    public func reserveExternalID(
        _ make: (MessageID) -> String
    ) async throws(DocketClientError) -> String {
        if let externalID { return externalID }
        let externalID = make(message.id)
        try await runner.reserve(externalID, for: message.id)
        reserved.withLock { $0 = externalID }
        return externalID
    }

    /// The other system has the message: it does not come again.
    ///
    /// - Throws: Why that cannot be kept; then it comes again.
    public func confirm() async throws(DocketClientError) {
        try await runner.confirm(message.id)
        isAnswered.withLock { $0 = true }
    }

    /// The other system will never take the message: it stands still, and with it those behind it
    /// in its conversation, until somebody retries or discards it.
    ///
    /// - Parameter reason: Why, for a person.
    /// - Throws: Why that cannot be kept; then it comes again.
    public func fail(_ reason: String) async throws(DocketClientError) {
        try await runner.park(message.id, reason)
        isAnswered.withLock { $0 = true }
    }

    /// The other system cannot take the message now: it comes again, and those behind it in its
    /// conversation wait.
    ///
    /// - Parameter wait: How long to wait at least; a new process does not wait.
    /// - Throws: Why that cannot be kept; then it comes again.
    public func retry(after wait: Duration) async throws(DocketClientError) {
        try await runner.postpone(message.id, by: wait)
        isAnswered.withLock { $0 = true }
    }
}

/// The messages that a relay has to deliver, as they come.
public struct Deliveries: AsyncSequence, Sendable {
    /// One message.
    public typealias Element = Delivery
    /// Why there are no more.
    public typealias Failure = DocketClientError

    let runner: RelayRunner

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(runner: runner)
    }

    /// Reads the messages.
    public struct Iterator: AsyncIteratorProtocol {
        let runner: RelayRunner

        /// The next message; waits until there is one.
        public mutating func next() async throws(DocketClientError) -> Delivery? {
            try await next(isolation: #isolation)
        }

        /// The next message, for a reader in an actor.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> Delivery? {
            try await runner.nextDelivery()
        }
    }
}
