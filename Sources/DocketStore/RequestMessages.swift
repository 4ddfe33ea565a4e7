package import DocketDomain

/// A message as it belongs to a request now.
package struct StoredMessage: Hashable, Sendable {
    /// The message's place among the request's public entries.
    package let sequence: UInt64
    /// The entry of the log in which it was said.
    package let entry: LogEntry
    /// The message.
    package let message: RequestMessage
}

extension StoreReading {
    /// The request to which a message belongs now; `nil` where no such message was said in the
    /// conversation.
    package func request(
        of message: MessageID,
        in conversation: ConversationID
    ) throws(StoreError) -> RequestID? {
        guard case .created(let offset)? = try record(of: CommandID(message))?.answer,
            let entry = try entry(at: offset), let event = Event(encoded: entry.event),
            case .messagePosted(let posted) = event.fact, posted.id == message,
            event.conversation == conversation
        else { return nil }
        return try place(ofMovedMessage: offset)?.request.id ?? event.request?.id
    }

    /// The messages that belong to a request, in the order of their places, which is that of the
    /// log.
    ///
    /// A message belongs to the request in which it was said until it is moved. So the conversation
    /// is read from where the request began to the last of its places, and what was moved to the
    /// request is looked up.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - offset: Only messages that were said after this place in the log.
    ///   - limit: How many entries to look at.
    /// - Returns: The messages; `nil` when more than `limit` entries would have to be looked at.
    /// - Throws: What the store throws.
    package func messages(
        of request: SupportRequest,
        after offset: UInt64 = 0,
        lookingAt limit: Int
    ) throws(StoreError) -> [StoredMessage]? {
        let moved = try messages(movedTo: request.id, limit: limit)
        guard
            var found = try ownMessages(of: request, after: offset, lookingAt: limit - moved.count)
        else { return nil }
        for (sequence, entry) in moved where entry.offset > offset {
            guard let event = Event(encoded: entry.event),
                let message = StoredMessage(event, at: sequence, in: entry)
            else { continue }
            found.append(message)
        }
        return found.sorted { $0.sequence < $1.sequence }
    }

    /// Where the first message of a request stands in the log; `nil` where it has none among so
    /// many entries.
    package func firstMessageOffset(
        of request: SupportRequest,
        lookingAt limit: Int
    ) throws(StoreError) -> UInt64? {
        let moved = try messages(movedTo: request.id, limit: limit).map(\.entry.offset).min()
        let own = try ownMessages(of: request, isFirstEnough: true, lookingAt: limit)
        return [moved, own?.first?.entry.offset].compactMap(\.self).min()
    }

    /// The messages that were said in a request and never moved, or just the first of them.
    private func ownMessages(
        of request: SupportRequest,
        after offset: UInt64 = 0,
        isFirstEnough: Bool = false,
        lookingAt limit: Int
    ) throws(StoreError) -> [StoredMessage]? {
        guard request.sequence > 0 else { return [] }
        var found: [StoredMessage] = []
        var place = max(try openingOffset(ofRequest: request.id), offset)
        var examined = 0
        while examined < limit {
            let length = min(entriesAtOnce, limit - examined)
            let page = try entries(
                in: request.conversation,
                .after(place),
                limit: length,
                for: .staff
            )
            for entry in page {
                guard let event = Event(encoded: entry.event), event.request?.id == request.id
                else { continue }
                if let message = StoredMessage(event, in: entry),
                    try self.place(ofMovedMessage: entry.offset) == nil
                {
                    found.append(message)
                    if isFirstEnough { return found }
                }
                if event.fact.lastPlace >= request.sequence { return found }
            }
            guard let last = page.last, page.count == length else { return found }
            place = last.offset
            examined += length
        }
        return nil
    }
}

/// How many entries are read at once: they are in memory together.
private let entriesAtOnce = 500

extension StoredMessage {
    /// Takes a message from the event in which it was said, at the place that it has now or else
    /// that it got then; `nil` where nothing was said.
    fileprivate init?(_ event: Event, at sequence: UInt64? = nil, in entry: LogEntry) {
        guard case .messagePosted(let said) = event.fact else { return nil }
        self.sequence = sequence ?? said.sequence
        self.entry = entry
        message = RequestMessage(
            id: said.id,
            offset: entry.offset,
            sequence: self.sequence,
            isFromContact: event.actor.kind == .contact,
            // What an agent writes first describes a request that was opened by hand.
            answeredAt: event.actor.kind == .agent && said.sequence > 1 ? event.at : nil,
            text: said.headline
        )
    }
}

extension Fact {
    /// The last place among its request's public entries that it gave away; 0 for none.
    fileprivate var lastPlace: UInt64 {
        switch content {
        case .message(let message): message.sequence
        case .places(let moved): moved.firstSequence + UInt64(moved.messages.count) - 1
        case .note, .names, nil: 0
        }
    }
}

extension StoredMessage {
    /// The message as contacts may see it; `nil` where they see nothing of it.
    package func seenByContact(under policy: Policy) -> StoredMessage? {
        entry.seenByContact(under: policy).map { seen in
            StoredMessage(sequence: sequence, entry: seen, message: message)
        }
    }
}
