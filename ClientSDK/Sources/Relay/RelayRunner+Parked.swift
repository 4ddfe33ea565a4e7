internal import Synchronization

extension RelayRunner {
    /// What stands still until somebody decides: what was never in the outbox, what the desk has
    /// refused, and what could not be delivered.
    func parked() throws(DocketClientError) -> [ParkedMessage] {
        let (incoming, outgoing) = shared.withLock { ($0.incoming.parked, $0.outgoing.parked) }
        let refused = client.runner.stopped(.ingest)
        return incoming.map { parked in
            ParkedMessage(
                message: parked.element.id,
                direction: .incoming,
                contact: parked.element.contact,
                reason: parked.element.parked?.reason ?? "",
                since: parked.element.parked?.since,
                behind: parked.behind
            )
        }
            + refused.map { stopped in
                ParkedMessage(
                    message: MessageID(stopped.command.id),
                    direction: .incoming,
                    contact: contact(in: stopped.command.lane.conversation),
                    reason: stopped.reason,
                    since: nil,
                    behind: stopped.behind
                )
            }
            + outgoing.map { parked in
                ParkedMessage(
                    message: parked.element.message.id,
                    direction: .outgoing,
                    contact: parked.element.contact,
                    reason: parked.element.parked?.reason ?? "",
                    since: parked.element.parked?.since,
                    behind: parked.behind
                )
            }
    }

    private func contact(in conversation: ConversationID?) -> ExternalContact? {
        conversation.flatMap { id in shared.withLock { $0.contacts[id] ?? nil } }
    }

    /// Lets something go on that stands still; gives whether there was such a thing.
    func retry(_ message: MessageID) async throws(DocketClientError) -> Bool {
        if let (position, waiting) = parkedIncoming(message) {
            var incoming = waiting
            incoming.parked = nil
            try await keep([.incoming(incoming)])
            change { $0.incoming.resume(position, incoming) }
            return true
        }
        if let (position, waiting) = parkedOutgoing(message) {
            var outgoing = waiting
            outgoing.parked = nil
            try await keep([.outgoing(outgoing)])
            change { $0.outgoing.resume(position, outgoing) }
            return true
        }
        do throws(EnqueueError) {
            return try await client.runner.retry(CommandID(message), of: [.ingest]) != nil
        } catch {
            throw DocketClientError(error)
        }
    }

    /// Gives something up that stands still; gives whether there was such a thing.
    func discard(_ message: MessageID) async throws(DocketClientError) -> Bool {
        if parkedOutgoing(message) != nil {
            try await confirm(message)
            return true
        }
        do throws(EnqueueError) {
            if let (_, incoming) = parkedIncoming(message) {
                try await giveUp(incoming)
                return true
            }
            let id = CommandID(message)
            let isStopped = client.runner.stopped(.ingest).contains { $0.command.id == id }
            return isStopped ? try await client.runner.takeBack(id) != .unknown : false
        } catch {
            throw DocketClientError(error)
        }
    }

    private func parkedIncoming(_ message: MessageID) -> (UInt64, QueuedIncoming)? {
        shared.withLock { shared in
            shared.incomingPositions[message].flatMap { position in
                shared.incoming[position].flatMap { $0.parked == nil ? nil : (position, $0) }
            }
        }
    }

    private func parkedOutgoing(_ message: MessageID) -> (UInt64, QueuedOutgoing)? {
        shared.withLock { shared in
            shared.outgoingPositions[message].flatMap { position in
                shared.outgoing[position].flatMap { $0.parked == nil ? nil : (position, $0) }
            }
        }
    }
}
