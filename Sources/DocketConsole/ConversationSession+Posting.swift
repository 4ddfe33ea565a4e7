public import DocketClient
internal import DocketCommandLine

extension ConversationSession {
    /// Something that was said, on its way to the outlet.
    struct Outgoing: Sendable {
        let id: MessageID
        let text: String
        let attachments: [AttachmentDraft]
        /// The request for which it was said; nil before the conversation was open.
        let request: RequestID?
        /// Finished when the message has a verdict or none will come.
        let settled: AsyncStream<Never>.Continuation?
    }

    /// Something that the outlet keeps.
    struct Sent: Sendable {
        let message: Outgoing
        let delivery: any MessageDelivery
    }

    // MARK: Saying

    /// Says something, without waiting for its verdict.
    ///
    /// - Parameters:
    ///   - text: What to say; it may be empty where there are files.
    ///   - attachments: The files that belong to it.
    /// - Throws: Where nothing can be shown any more.
    public func say(_ text: String, attachments: [AttachmentDraft] = []) async throws {
        try await enqueue(text, attachments, settled: nil)
    }

    /// Says something, and returns when it has a verdict or none will come.
    public func sayAndWait(_ text: String) async throws {
        let (verdict, settled) = AsyncStream.makeStream(of: Never.self)
        try await enqueue(text, [], settled: settled)
        for await _ in verdict {}
        try Task.checkCancellation()
    }

    private func enqueue(
        _ text: String,
        _ attachments: [AttachmentDraft],
        settled: AsyncStream<Never>.Continuation?
    ) async throws {
        let message = Outgoing(
            id: MessageID(),
            text: text,
            attachments: attachments,
            request: answered?.id,
            settled: settled
        )
        let words = text.isEmpty ? attachments.map(\.name).joined(separator: ", ") : text
        unsaid.append(message.id)
        try await face.sending(words, id: message.id)
        switch said.put(message) {
        case .isIn: unsettled.insert(message.id)
        case .isFull:
            status = .refused
            settled?.finish()
            unsaid.removeAll { $0 == message.id }
            let error = DocketClientError(.invalidInput, "too many messages wait to be sent")
            try await face.failed(message.id, error)
        case .isClosed: throw CancellationError()
        }
    }

    /// Where something goes that was said for a request: there, however late it leaves and wherever
    /// the agent has turned meanwhile, or to the request that has its content now.
    ///
    /// - Parameter request: The request that was answered then; nil before the first was known.
    /// - Returns: The request to name; nil where the session answers none.
    func destination(of request: RequestID?) -> RequestID? {
        answered.map { $0.survivor(of: request ?? $0.first) }
    }

    // MARK: Sending

    /// Gives everything that is said to the outlet in its order, and tells what becomes of it.
    func postAll(to conversation: Conversation) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.handOverAll(to: conversation) }
            group.addTask { for await sent in self.kept.items { try await self.settle(sent) } }
            defer { group.cancelAll() }
            // Both end when nothing more is said; the first failure ends the other.
            try await group.next()
            try await group.next()
        }
    }

    /// An outlet that keeps nothing has each message until its verdict, so that the next does not
    /// overtake it; one that keeps them takes all at once, as the program may end at any time.
    private func handOverAll(to conversation: Conversation) async throws {
        defer { kept.close() }
        for await message in said.items {
            let sent: Sent
            do throws(DocketClientError) {
                let outgoing = OutgoingMessage(
                    id: message.id,
                    text: message.text,
                    request: destination(of: message.request),
                    attachments: message.attachments
                )
                sent = Sent(
                    message: message,
                    delivery: try await outlet.send(outgoing, in: conversation)
                )
            } catch {
                try await fail(message, error)
                continue
            }
            guard sent.delivery.isKept else {
                try await settle(sent)
                continue
            }
            unsaid.removeAll { $0 == message.id }
            try await face.kept(message.id)
            _ = kept.put(sent)
        }
    }

    private func settle(_ sent: Sent) async throws {
        let message = sent.message
        let standing: DeliveryStanding
        do throws(DocketClientError) {
            standing = try await sent.delivery.standing(after: options.postLimit)
        } catch {
            return try await fail(message, error)
        }
        defer { message.settled?.finish() }
        unsettled.remove(message.id)
        unsaid.removeAll { $0 == message.id }
        switch standing {
        // The feed tells the message with its files as the server has them.
        case .settled(.posted) where !message.attachments.isEmpty: break
        case .settled(let outcome):
            if case .refused = outcome { status = .refused }
            try await face.settled(message.id, outcome)
        case .waits(let error):
            status = status == .done ? .unconfirmed : status
            try await face.postponed(message.id, error)
        }
    }

    private func fail(_ message: Outgoing, _ error: DocketClientError) async throws {
        guard error.code != .cancelled else { throw error }
        defer { message.settled?.finish() }
        unsettled.remove(message.id)
        unsaid.removeAll { $0 == message.id }
        status = error.code == .unreachable ? .unreachable : .unconfirmed
        try await face.failed(message.id, error)
    }

    // MARK: Ending

    /// Nothing more is said: what was said goes to the outlet before the session ends, where there
    /// is one that keeps it.
    func handOverRest() async {
        said.close()
        guard conversation != nil, outlet.keepsMessages else { return }
        await kept.closed()
        await forgetStored()
    }

    /// What the outlet does not hold any more has its verdict, also where it is not told here yet.
    private func forgetStored() async {
        guard let conversation else { return }
        do throws(DocketClientError) {
            unsettled.formIntersection(try await outlet.waiting(in: conversation).map(\.id))
        } catch {
            // Then the exit status says that something may have no verdict, as it may.
        }
    }

    /// Tells of what nobody keeps, as the session ends.
    func giveUpUnsaid() async {
        for id in unsaid {
            let error = DocketClientError(.outcomeUnknown, "the chat ended before it was stored")
            // The terminal may be gone; then nobody reads it.
            try? await face.failed(id, error)
        }
        unsaid = []
    }

    /// Shows what waits in the outlet, with how far its files have come.
    func showWaiting() async throws {
        guard let conversation else { return }
        try await face.waiting(try await outlet.waiting(in: conversation))
    }
}
