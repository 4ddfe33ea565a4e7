internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

extension RelayRunner {
    /// How many events a page of a conversation's past has.
    private static let historyPage = 200

    // MARK: Taking in

    /// Keeps what the desk says, from the place on that an earlier relay has reached.
    func takeIn() async {
        do throws(DocketClientError) {
            var backoff = Backoff()
            while true {
                do throws(DocketClientError) {
                    try await follow(&backoff)
                } catch {
                    guard error.code == .resyncRequired else { throw error }
                    try await resync()
                }
                // A server that asks for it again and again is followed at a bearable pace.
                let wait = engine.withRandom { backoff.wait(after: nil, using: &$0) }
                guard await engine.clock.sleep(until: engine.clock.now() + wait) else {
                    throw DocketClientError(.cancelled, "the relay has ended")
                }
            }
        } catch {
            end(because: error)
        }
    }

    private func follow(_ backoff: inout Backoff) async throws(DocketClientError) {
        let place = shared.withLock { $0.place }
        let reader = FeedReader(engine, from: place.map { .after($0.cursor) } ?? start) {
            [weak self] in self?.change { $0.isLevel = false }
        }
        while let step = try await reader.next() {
            backoff.reset()
            try await waitForRoom()
            switch step.content {
            case .event(let event, let offset):
                try await take(ReplicaEvent(event, at: offset), step.cursor)
            case .marker(let marker):
                try await reach(step.cursor)
                if marker == .caughtUp { change { $0.isLevel = true } }
            case .passing: break
            }
        }
    }

    private func waitForRoom() async throws(DocketClientError) {
        while true {
            let rings = bell.rings
            let hasRoom = shared.withLock { shared in
                shared.outgoing.count < limits.outgoing
                    && shared.outgoingBytes < limits.outgoingBytes
            }
            if hasRoom { return }
            await bell.wait(since: rings, by: engine.clock)
            guard !Task.isCancelled else {
                throw DocketClientError(.cancelled, "the relay has ended")
            }
        }
    }

    /// Everything up to here has been told.
    private func reach(_ cursor: Cursor) async throws(DocketClientError) {
        guard shared.withLock({ $0.keptCursor }) != cursor else { return }
        let place = place(at: cursor)
        try await keep([.reached(place)])
        reached(place, isKept: true)
    }

    private func place(at cursor: Cursor) -> RelayPlace {
        let began = shared.withLock { $0.place?.beganAt }
        let beginning = start == .beginning ? Timestamp(millisecondsSinceEpoch: 0) : nil
        let moment = began ?? beginning ?? engine.clock.moment()
        return RelayPlace(name: name, cursor: cursor, beganAt: moment)
    }

    private func reached(_ place: RelayPlace, isKept: Bool) {
        change { shared in
            shared.place = place
            if isKept { shared.keptCursor = place.cursor }
        }
    }

    /// Keeps an event, if the other system is to hear of it.
    private func take(
        _ entry: ReplicaEvent,
        _ cursor: Cursor
    ) async throws(DocketClientError) {
        let place = place(at: cursor)
        guard let outgoing = try await outgoing(entry) else {
            // What nobody is to hear of costs no commit; the next marker keeps the place.
            return reached(place, isKept: false)
        }
        try await keep([.outgoing(outgoing), .reached(place)])
        change { $0.append(outgoing) }
        reached(place, isKept: true)
    }

    /// The message of an event, if the desk has said it and the relay does not know it.
    private func outgoing(
        _ entry: ReplicaEvent
    ) async throws(DocketClientError) -> QueuedOutgoing? {
        guard case .messagePosted? = entry.event.fact,
            [.principalAgent, .principalDesk].contains(entry.event.actor.kind),
            let message = QueuedOutgoing(entry, to: ExternalContact(id: "", name: ""), of: name)
        else { return nil }
        do throws(LocalStoreError) {
            let isKnown = try store.readRelays { try $0.isKnown(message.message.id, to: name) }
            guard !isKnown else { return nil }
        } catch {
            throw DocketClientError(error)
        }
        do throws(DocketClientError) {
            guard let contact = try await contact(of: message) else { return nil }
            return QueuedOutgoing(entry, to: contact, of: name)
        } catch {
            guard error.code == .refused else { throw error }
            var parked = message
            parked.parked = mark("it is not known for whom it is: \(error.message)")
            return parked
        }
    }

    /// For whom a message is; nil for one of another channel.
    ///
    /// - Throws: `refused` where the desk does not say.
    private func contact(
        of message: QueuedOutgoing
    ) async throws(DocketClientError) -> ExternalContact? {
        if let known = shared.withLock({ $0.contacts[message.conversation] }) { return known }
        let request = try await asking { () async throws(DocketClientError) in
            try await client.requests.get(message.request.id)
        }
        var contact: ExternalContact?
        if request.channel == channel {
            guard let id = request.contact?.id else {
                throw DocketClientError(.refused, "its request has no contact")
            }
            let found = try await asking { () async throws(DocketClientError) in
                try await client.contacts.get(id)
            }
            guard let externalID = found.externalID else {
                throw DocketClientError(.refused, "this integration did not bring its contact")
            }
            contact = ExternalContact(id: externalID, name: found.name)
        }
        shared.withLock { shared in
            if shared.contacts.count >= limits.places { shared.contacts = [:] }
            shared.contacts[message.conversation] = .some(contact)
        }
        return contact
    }

    /// Asks the desk until it answers.
    private func asking<Value>(
        _ body: () async throws(DocketClientError) -> Value
    ) async throws(DocketClientError) -> Value {
        while true {
            do throws(DocketClientError) {
                return try await body()
            } catch {
                guard [.unreachable, .outcomeUnknown].contains(error.code) else { throw error }
            }
        }
    }

    // MARK: Beginning anew

    /// Finds what the feed does not tell any more, in what the conversations have, and goes on
    /// behind that.
    private func resync() async throws(DocketClientError) {
        let snapshot = try await asking { () async throws(DocketClientError) in
            try await client.snapshot()
        }
        // Contacts and conversations that are newer than the backup are gone.
        shared.withLock { shared in
            shared.conversations = [:]
            shared.contacts = [:]
        }
        let since = place(at: snapshot.cursor).beganAt
        for conversation in snapshot.conversations
        where conversation.channel == channel
            && conversation.newestRequest.map({ $0.changedAt >= since }) ?? false
        {
            try await takeIn(conversation.id, since: since, below: snapshot.cursor.offset &+ 1)
        }
        let place = place(at: snapshot.cursor)
        try await keep([.reached(place)])
        reached(place, isKept: true)
    }

    /// Keeps what was said in a conversation since a moment, below an offset and in order.
    ///
    /// Pages are read from the newest on, to find where to begin, and read again in order: no more
    /// than one is held at a time, however long the conversation is.
    private func takeIn(
        _ conversation: ConversationID,
        since moment: Timestamp,
        below end: UInt64
    ) async throws(DocketClientError) {
        var ends = [end]
        while let last = ends.last {
            let page = try await past(of: conversation, below: last)
            guard page.hasMore, let first = page.events.first, first.offset < last,
                first.event.atMilliseconds >= moment.millisecondsSinceEpoch
            else { break }
            ends.append(first.offset)
        }
        for end in ends.reversed() {
            for entry in try await past(of: conversation, below: end).events
            where entry.event.atMilliseconds >= moment.millisecondsSinceEpoch {
                try await waitForRoom()
                guard let outgoing = try await outgoing(entry) else { continue }
                try await keep([.outgoing(outgoing)])
                change { $0.append(outgoing) }
            }
        }
    }

    /// A page of what happened in a conversation, the newest below an offset, in order.
    private func past(
        of conversation: ConversationID,
        below end: UInt64
    ) async throws(DocketClientError) -> (events: [ReplicaEvent], hasMore: Bool) {
        let call = Docket_V1_HistoryCall.with {
            $0.conversationID = Data(conversation.bytes)
            $0.before = end
            $0.limit = UInt32(Self.historyPage)
        }
        let reply = try await asking { () async throws(DocketClientError) in
            try await client.call { (channel, options) async throws(RPCError) in
                try await ConversationsCaller(channel: channel).history(call, options: options)
            }
        }
        return (reply.entries.map { ReplicaEvent($0.event, at: $0.offset) }, reply.more)
    }

    // MARK: Delivering

    /// The next message to deliver; waits until there is one.
    ///
    /// - Throws: `cancelled`, and why nothing goes on any more.
    func nextDelivery() async throws(DocketClientError) -> Delivery {
        while true {
            let rings = bell.rings
            let now = engine.clock.now()
            let (taken, moment) = try shared.withLock { shared throws(DocketClientError) in
                if let trouble = shared.trouble { throw trouble }
                let taken = shared.outgoing.take(at: now)
                return (taken, shared.outgoing.nextMoment)
            }
            if let taken { return Delivery(taken.element, by: self) }
            guard !Task.isCancelled else {
                throw DocketClientError(.cancelled, "the reader was cancelled")
            }
            await bell.wait(since: rings, until: moment, by: engine.clock)
        }
    }

    /// Keeps what the other system is to call a message.
    func reserve(
        _ externalID: String,
        for message: MessageID
    ) async throws(DocketClientError) {
        guard (1...IncomingMessage.longestExternalID).contains(externalID.utf8.count) else {
            let limit = IncomingMessage.longestExternalID
            throw DocketClientError(.invalidInput, "an external id has 1 to \(limit) bytes")
        }
        guard let (position, waiting) = outgoing(message) else { return }
        var outgoing = waiting
        outgoing.externalID = externalID
        try await keep([.outgoing(outgoing)])
        change { $0.outgoing.update(position, outgoing) }
    }

    /// The other system has a message.
    func confirm(_ message: MessageID) async throws(DocketClientError) {
        guard let (settled, changes) = settling(message) else { return }
        try await keep(changes)
        change { $0.remove(settled) }
    }

    /// Nothing is left to do with a message of the desk, unless there is no room to keep that.
    func settle(_ message: MessageID) async throws(LocalStoreError) {
        guard let (settled, changes) = settling(message) else { return }
        try await store.commit(changes.map(LocalChange.relay))
        change { $0.remove(settled) }
    }

    /// A message with which nothing is left to do, and how that is kept; nil for one that is gone.
    private func settling(_ message: MessageID) -> (QueuedOutgoing, [RelayChange])? {
        guard let (_, waiting) = outgoing(message) else { return nil }
        var settled = waiting
        settled.isSettled = true
        return (settled, [.outgoing(settled), .forget(name, allBut: limits.settled)])
    }

    /// The other system will never take a message: it stands still, and with it its conversation.
    func park(_ message: MessageID, _ reason: String) async throws(DocketClientError) {
        guard let (position, waiting) = outgoing(message) else { return }
        var outgoing = waiting
        outgoing.attempts += 1
        outgoing.parked = mark(reason)
        try await keep([.outgoing(outgoing)])
        change { $0.outgoing.park(position, outgoing) }
    }

    /// A message is to be delivered later.
    func postpone(_ message: MessageID, by wait: Duration) async throws(DocketClientError) {
        guard let (position, waiting) = outgoing(message) else { return }
        var outgoing = waiting
        outgoing.attempts += 1
        try await keep([.outgoing(outgoing)])
        let moment = engine.clock.now() + wait
        change { $0.outgoing.giveBack(position, outgoing, until: moment) }
    }

    /// Somebody has let go of a message without an answer.
    func letGo(_ message: MessageID) {
        let moment = engine.clock.now() + limits.letGo
        change { shared in
            guard let position = shared.outgoingPositions[message],
                let outgoing = shared.outgoing[position]
            else { return }
            shared.outgoing.giveBack(position, outgoing, until: moment)
        }
    }

    private func outgoing(_ message: MessageID) -> (position: UInt64, QueuedOutgoing)? {
        shared.withLock { shared in
            shared.outgoingPositions[message].flatMap { position in
                shared.outgoing[position].map { (position, $0) }
            }
        }
    }
}
