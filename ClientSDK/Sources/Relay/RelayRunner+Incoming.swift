internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

extension RelayRunner {
    /// Keeps what a contact has said, unless it is known.
    func ingest(_ message: IncomingMessage) async throws(EnqueueError) -> Ingestion {
        try message.check()
        let id = messageID(of: message.externalID)
        if let echo = try await echo(of: message.externalID) { return .echo(echo) }
        if let renewed = try renewal(of: id) { return .known(renewed) }
        if client.runner.pending(CommandID(id), of: [.ingest]) != nil { return .known(id) }
        if let known = shared.withLock({ $0.incomingPositions[id] != nil ? $0.keeping[id] : nil }) {
            if let error = await known.value { throw error }
            return .known(id)
        }
        if shared.withLock({ $0.incomingPositions[id] != nil }) { return .known(id) }
        let references = try references(of: message)
        let files = try await spool(message, id)
        let (keeping, isNew): (Task<EnqueueError?, Never>?, Bool)
        do throws(EnqueueError) {
            (keeping, isNew) = try add(message, id, files, references)
        } catch {
            client.runner.uploads.drop(files)
            throw error
        }
        if !isNew { client.runner.uploads.drop(files) }
        if let error = await keeping?.value { throw error }
        return isNew ? .kept(id) : .known(id)
    }

    /// The id under which a message of the other system is posted.
    func messageID(of externalID: String) -> MessageID {
        MessageID(madeOf: [channel, externalID])
    }

    /// The message of the desk that comes back under an id that was reserved for it.
    private func echo(of externalID: String) async throws(EnqueueError) -> MessageID? {
        do throws(LocalStoreError) {
            let found = try store.readRelays { try $0.message(externalID, of: name) }
            guard let found else { return nil }
            if !found.isSettled { try await settle(found.id) }
            return found.id
        } catch {
            throw EnqueueError(error)
        }
    }

    /// The id under which a message is posted that the desk has refused under its own.
    private func renewal(of message: MessageID) throws(EnqueueError) -> MessageID? {
        do throws(LocalStoreError) {
            return try store.readRelays { try $0.renewal(of: message) }
        } catch {
            throw EnqueueError(error)
        }
    }

    /// The desk's ids of the messages that one may answer.
    private func references(
        of message: IncomingMessage
    ) throws(EnqueueError) -> [MessageID] {
        do throws(LocalStoreError) {
            return try store.readRelays { relays in
                try message.inReplyTo.map { reference in
                    switch reference {
                    case .message(let id): id
                    case .externalID(let text):
                        try relays.message(text, of: name)?.id
                            ?? relays.renewal(of: messageID(of: text)) ?? messageID(of: text)
                    }
                }
            }
        } catch {
            throw EnqueueError(error)
        }
    }

    private func spool(
        _ message: IncomingMessage,
        _ id: MessageID
    ) async throws(EnqueueError) -> [SpooledFile] {
        let drafts = message.attachments.enumerated().map { index, draft in
            AttachmentDraft(
                draft.content,
                name: draft.name,
                id: AttachmentID(madeOf: ["\(id)", "\(index)"])
            )
        }
        return try await client.runner.uploads.keep(drafts)
    }

    private func add(
        _ message: IncomingMessage,
        _ id: MessageID,
        _ files: [SpooledFile],
        _ references: [MessageID]
    ) throws(EnqueueError) -> (Task<EnqueueError?, Never>?, isNew: Bool) {
        defer { tell() }
        let posting = posting(to: message.contact)
        return try shared.withLock { shared throws(EnqueueError) in
            guard shared.trouble == nil else { throw .closed }
            guard shared.incomingPositions[id] == nil else { return (shared.keeping[id], false) }
            try shared.checkRoom(for: message, behind: posting, limits)
            guard shared.incoming.count < limits.incoming else {
                throw .outboxFull(.messages(limits.incoming))
            }
            guard shared.incomingBytes + message.text.utf8.count <= limits.incomingBytes else {
                throw .outboxFull(.bytes(limits.incomingBytes))
            }
            let position = shared.incoming.append(to: message.contact.id, isHeld: true) {
                message.queued(at: $0, id, files, answering: references, of: self)
            }
            guard let incoming = shared.incoming[position] else { return (nil, false) }
            shared.incomingPositions[id] = position
            shared.incomingBytes += incoming.size
            let keeping = Task { await keep(incoming) }
            shared.keeping[id] = keeping
            return (keeping, true)
        }
    }

    /// How many messages of a contact the outbox has, and the first and the last of them.
    private func posting(
        to contact: ExternalContact
    ) -> (count: Int, first: MessageID, last: MessageID)? {
        shared.withLock { $0.conversations[contact.id] }.flatMap { conversation in
            client.runner.waiting(in: Lane(conversation)).map { waiting in
                (waiting.count, MessageID(waiting.first), MessageID(waiting.last))
            }
        }
    }

    /// Keeps a new message; gives why that failed.
    private func keep(_ incoming: QueuedIncoming) async -> EnqueueError? {
        let failure: EnqueueError?
        do throws(LocalStoreError) {
            try await store.commit([.relay(.incoming(incoming))])
            failure = nil
        } catch {
            failure = EnqueueError(error)
            client.runner.uploads.drop(incoming.files)
        }
        change { shared in
            shared.keeping[incoming.id] = nil
            if failure == nil {
                shared.incoming.release(incoming.position)
            } else {
                shared.remove(incoming)
            }
        }
        return failure
    }

    // MARK: Passing on

    /// Puts what is kept into the outbox, each in the conversation of its contact.
    func passOn() async {
        await waitForPlace()
        await withDiscardingTaskGroup { group in
            do throws(DocketClientError) {
                while !Task.isCancelled, shared.withLock({ $0.trouble == nil }) {
                    _ = try await engine.link(by: nil)
                    let rings = bell.rings
                    if let incoming = nextIncoming() {
                        group.addTask {
                            await self.passOn(incoming)
                            self.change { $0.incomingUnderWay -= 1 }
                        }
                        continue
                    }
                    let moment = shared.withLock { $0.incoming.nextMoment }
                    await bell.wait(since: rings, until: moment, by: engine.clock)
                }
            } catch {
                end(because: error)
            }
        }
    }

    /// Waits until it is known from where the feed is read: no answer may be before that.
    private func waitForPlace() async {
        while !Task.isCancelled {
            let rings = bell.rings
            guard shared.withLock({ $0.place == nil && $0.trouble == nil }) else { return }
            await bell.wait(since: rings, by: engine.clock)
        }
    }

    private func nextIncoming() -> QueuedIncoming? {
        let now = engine.clock.now()
        return shared.withLock { shared in
            guard shared.incomingUnderWay < limits.incomingUnderWay,
                let taken = shared.incoming.take(at: now)
            else { return nil }
            shared.incomingUnderWay += 1
            return taken.element
        }
    }

    private func passOn(_ incoming: QueuedIncoming) async {
        let conversation: Conversation
        do throws(DocketClientError) {
            conversation = try await self.conversation(of: incoming)
        } catch {
            return await failed(incoming, error)
        }
        // A contact whose messages stand still in the outbox does not fill it either.
        let posting = client.runner.waiting(in: Lane(conversation.id))?.count ?? 0
        guard posting < limits.contact else {
            return giveBack(incoming, after: limits.room)
        }
        do throws(EnqueueError) {
            let draft = try incoming.draft(in: conversation)
            let done = LocalChange.relay(.incomingDone(incoming.id, of: name))
            let queued = try await client.runner.queue(draft, incoming.files, with: [done])
            guard queued.isNew else { return try await giveUp(incoming) }
            change { $0.remove(incoming) }
        } catch {
            switch error {
            // The outbox has it already, as it was brought before.
            case .keyReused: return await forget(incoming)
            case .outboxFull, .storageFull: giveBack(incoming, after: limits.room)
            default: await failed(incoming, DocketClientError(error))
            }
        }
    }

    private func forget(_ incoming: QueuedIncoming) async {
        do throws(EnqueueError) {
            try await giveUp(incoming)
        } catch {
            giveBack(incoming, after: limits.room)
        }
    }

    /// An incoming message is known, or nobody wants it any more.
    func giveUp(_ incoming: QueuedIncoming) async throws(EnqueueError) {
        do throws(LocalStoreError) {
            try await store.commit([.relay(.incomingDone(incoming.id, of: name))])
        } catch {
            throw EnqueueError(error)
        }
        client.runner.uploads.drop(incoming.files)
        change { $0.remove(incoming) }
    }

    private func failed(_ incoming: QueuedIncoming, _ error: DocketClientError) async {
        switch error.code {
        case .refused, .invalidInput:
            var parked = incoming
            parked.parked = mark(error.message)
            change { $0.incoming.park(parked.position, parked) }
            // A restart would find it out again.
            try? await keep([.incoming(parked)])
        case .needsLogin, .otherPrincipal, .closed: end(because: error)
        default:
            let wait = shared.withLock { shared in
                engine.withRandom { random in
                    shared.incomingBackoff[incoming.id, default: Backoff()]
                        .wait(after: nil, using: &random)
                }
            }
            giveBack(incoming, after: wait)
        }
    }

    private func giveBack(_ incoming: QueuedIncoming, after wait: Duration) {
        let moment = engine.clock.now() + wait
        change { $0.incoming.giveBack(incoming.position, incoming, until: moment) }
    }

    /// The conversation of a contact on the channel; both are made where they are new.
    private func conversation(
        of incoming: QueuedIncoming
    ) async throws(DocketClientError) -> Conversation {
        let contact = incoming.contact
        if let known = shared.withLock({ $0.conversations[contact.id] }) {
            return client.conversation(known)
        }
        let party = try await client.contacts.ensure(
            externalID: contact.id,
            name: contact.name
        )
        let conversation = try await client.openConversation(
            channel: incoming.channel,
            for: party.id,
            within: limits.call
        )
        shared.withLock { shared in
            if shared.conversations.count >= limits.places { shared.conversations = [:] }
            shared.conversations[contact.id] = conversation.id
            shared.contacts[conversation.id] = contact
        }
        return conversation
    }
}

extension RelayRunner.Shared {
    /// Checks that a contact does not have as many messages as it may.
    ///
    /// - Parameters:
    ///   - message: What it has said now.
    ///   - posting: How many of its messages the outbox has, and the first and the last of them.
    ///   - limits: How much a relay keeps.
    /// - Throws: `outboxFull(.contact)` where it has.
    fileprivate func checkRoom(
        for message: IncomingMessage,
        behind posting: (count: Int, first: MessageID, last: MessageID)?,
        _ limits: RelayLimits
    ) throws(EnqueueError) {
        let earlier = incoming.elements(in: message.contact.id)
        guard let first = posting?.first ?? earlier.first?.id else { return }
        // One that is being passed on is in both.
        let isInBoth = posting != nil && posting?.last == earlier.first?.id
        let waiting = (posting?.count ?? 0) + earlier.count - (isInBoth ? 1 : 0)
        let bytes = earlier.reduce(message.text.utf8.count) { $0 + $1.size }
        guard waiting < limits.contact, bytes <= limits.contactBytes else {
            throw .outboxFull(.contact(waiting: waiting, first: first))
        }
    }
}

extension IncomingMessage {
    /// Throws what is wrong with it, which no desk has to be asked for.
    fileprivate func check() throws(EnqueueError) {
        try Self.check(externalID, atMost: Self.longestExternalID, "the external id")
        try Self.check(contact.id, atMost: ExternalContact.longestID, "the contact's id")
        try Self.check(contact.name, atMost: ExternalContact.longestName, "the contact's name")
        guard inReplyTo.count <= Self.mostReferences else {
            throw .invalid("a message answers at most \(Self.mostReferences) others")
        }
        try MessageLimits.largest.check(text: text, title: title, attachments: attachments.count)
    }

    private static func check(
        _ text: String,
        atMost limit: Int,
        _ subject: String
    ) throws(EnqueueError) {
        guard (1...limit).contains(text.utf8.count) else {
            throw .invalid("\(subject) has 1 to \(limit) bytes")
        }
    }

    fileprivate func queued(
        at position: UInt64,
        _ id: MessageID,
        _ files: [SpooledFile],
        answering references: [MessageID],
        of relay: RelayRunner
    ) -> QueuedIncoming {
        QueuedIncoming(
            position: position,
            relay: relay.name,
            id: id,
            channel: relay.channel,
            contact: contact,
            text: text,
            title: title,
            sentAt: sentAt,
            files: files,
            inReplyTo: references
        )
    }
}

extension QueuedIncoming {
    /// The command that posts it.
    fileprivate func draft(in conversation: Conversation) throws(EnqueueError) -> CommandDraft {
        let call = Docket_V1_PostCall.with {
            $0.header.commandID = Data(id.bytes)
            $0.conversationID = Data(conversation.id.bytes)
            $0.text = text
            $0.attachmentIds = files.map { Data($0.id.bytes) }
            $0.authoredMilliseconds = sentAt?.millisecondsSinceEpoch ?? 0
            $0.title = title ?? ""
            $0.inReplyToIds = inReplyTo.map { Data($0.bytes) }
        }
        do throws(LocalStoreError) {
            return try CommandDraft(id, in: Lane(conversation.id), .ingest, call)
        } catch {
            throw EnqueueError(error)
        }
    }
}
