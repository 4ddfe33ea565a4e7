internal import Synchronization

/// What connects a channel of another system with the desk, both ways.
///
/// It is for an integration, which speaks for the contacts of its channel. Nothing that it was
/// given is lost and nothing is doubled, over as many connections and processes as it takes: what
/// comes in is durable when `ingest(_:)` returns and posted once for ever, what goes out comes at
/// least once, in the order of each conversation, from a durable place in the desk's feed.
///
///     try await client.relay("sms", channel: "sms") { relay in
///         let said = IncomingMessage(externalID: sms.id, from: sender, text: sms.text)
///         try await relay.ingest(said)
///         for try await delivery in relay.outbound() {
///             let id = try await delivery.reserveExternalID { "desk-\($0)" }
///             try await gateway.send(delivery.message.text, to: delivery.to.id, as: id)
///             try await delivery.confirm()
///         }
///     }
public struct Relay: Sendable {
    let runner: RelayRunner

    /// Takes in what a contact has said; when this returns, it is kept.
    ///
    /// It never waits for the network, also not for a contact whom the desk does not know yet: the
    /// contact and the conversation are made as soon as that is possible. Messages of one contact
    /// are posted in the order in which they were taken in. Tell the other system that you have the
    /// message only after this has returned.
    ///
    /// The external id alone says which message it is. One that waits is `known`; one that was
    /// posted before, by whichever process, is not posted again. An id that was reserved for a
    /// message of the desk is an `echo`, and confirms the delivery of that one.
    ///
    /// - Parameter message: What was said.
    /// - Returns: What became of it.
    /// - Throws: Why it is not kept: `outboxFull(.contact)` concerns the messages of this contact
    ///   alone. Hand it in again before what the contact has said later.
    @discardableResult
    public func ingest(_ message: IncomingMessage) async throws(EnqueueError) -> Ingestion {
        try await runner.ingest(message)
    }

    /// What agents and the desk itself say to the contacts of the channel, until each message is
    /// confirmed.
    ///
    /// Several readers share the work: a message is in one reader's hands at a time, and so is a
    /// conversation.
    public func outbound() -> Deliveries {
        Deliveries(runner: runner)
    }

    /// What stands still until somebody retries or discards it: incoming messages that the desk has
    /// refused, and those that the other system will not take.
    ///
    /// Each holds up its contact or its conversation, and nothing else.
    ///
    /// - Throws: `storage` if the local store cannot be read.
    public func parked() throws(DocketClientError) -> [ParkedMessage] {
        try runner.parked()
    }

    /// Lets a message go on that stands still.
    ///
    /// - Parameter message: Its id on the desk.
    /// - Returns: Whether there was such a message.
    /// - Throws: Why it still stands.
    @discardableResult
    public func retry(_ message: MessageID) async throws(DocketClientError) -> Bool {
        try await runner.retry(message)
    }

    /// Gives a message up that stands still, so that what waits behind it goes on.
    ///
    /// - Parameter message: Its id on the desk.
    /// - Returns: Whether there was such a message.
    /// - Throws: Why it still stands.
    @discardableResult
    public func discard(_ message: MessageID) async throws(DocketClientError) -> Bool {
        try await runner.discard(message)
    }

    /// How the relay stands, now and whenever that changes; ends with the relay.
    ///
    /// For one reader; a slow one misses what is in between.
    public var conditions: AsyncStream<RelayCondition> { runner.conditions() }

    /// The id under which a message of the other system is posted; made of the channel and the
    /// external id alone.
    public func messageID(of externalID: String) -> MessageID {
        runner.messageID(of: externalID)
    }
}

extension DocketClient {
    /// The longest name of a relay, in bytes of UTF-8.
    public static let longestRelayName = 64

    /// Runs a relay as long as `body` takes.
    ///
    /// With a profile everything is kept there under the relay's name, and the next process goes on
    /// where this one ends; without one it is kept for the life of the client.
    ///
    /// - Parameters:
    ///   - name: The relay's name in the profile; 1 to 64 bytes, and in use once at a time.
    ///   - channel: The key of the integration's channel.
    ///   - start: Where `outbound()` begins when the name is used for the first time.
    ///   - body: What to do with the relay.
    /// - Returns: What `body` returns.
    /// - Throws: `invalidInput` for a name that cannot be used or is in use, `profileBusy` where
    ///   another process has the profile, `storage` if the local store cannot be read, and what
    ///   `body` throws.
    public func relay<Value: Sendable>(
        _ name: String,
        channel: String,
        from start: FeedStart = .now,
        _ body: (Relay) async throws -> Value
    ) async throws -> Value {
        try await relay(name, channel: channel, from: start, limits: RelayLimits(), body)
    }

    /// Runs a relay within limits of its own.
    func relay<Value: Sendable>(
        _ name: String,
        channel: String,
        from start: FeedStart = .now,
        limits: RelayLimits,
        _ body: (Relay) async throws -> Value
    ) async throws -> Value {
        guard (1...Self.longestRelayName).contains(name.utf8.count) else {
            let limit = Self.longestRelayName
            throw DocketClientError(.invalidInput, "a relay's name has 1 to \(limit) bytes")
        }
        guard !runner.store.isCopy else {
            throw DocketClientError(
                .profileBusy,
                "another process has the profile: end it, or run the relay in a profile of its own"
            )
        }
        guard relays.withLock({ $0.insert(name).inserted }) else {
            throw DocketClientError(.invalidInput, "the relay \(name) runs already")
        }
        defer { relays.withLock { _ = $0.remove(name) } }
        let runner = try RelayRunner(
            self,
            name: name,
            channel: channel,
            from: start,
            limits: limits
        )
        let running = Task { await runner.run() }
        do {
            let value = try await body(Relay(runner: runner))
            await end(running, runner)
            return value
        } catch {
            await end(running, runner)
            throw error
        }
    }

    private func end(_ running: Task<Void, Never>, _ runner: RelayRunner) async {
        runner.end(because: DocketClientError(.closed, "the relay has ended"))
        running.cancel()
        await running.value
    }
}
