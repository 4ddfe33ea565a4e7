public import Logging

/// A client on a profile that several processes use at once.
///
/// The process that comes first holds the profile: it sends what is queued, and the others hand it
/// their messages over a socket in the profile's folder. When it ends, however it ends, another
/// takes its place. What `send` has returned is durable and is delivered once, whichever of the
/// processes goes on.
///
///     let shared = try await SharedClient.open(at: folder, to: server, as: .newGuest(name: "Ana"))
///     let chat = try await shared.client.openConversation(channel: "chat")
///     let message = try await shared.send("It prints blank pages", in: chat)
///     print(await message.outcome())
///     await shared.close()
public final class SharedClient: Sendable {
    /// The connection over which this process reads and asks.
    ///
    /// What is sent with it and not with `send` waits in this process alone, unless the process
    /// holds the profile.
    public let client: DocketClient
    /// What was saved of the profile's file if this process found it damaged; nil if not.
    public let salvage: ProfileSalvage?
    let seat: ProfileSeat
    let folder: String

    private init(
        _ client: DocketClient,
        _ seat: ProfileSeat,
        folder: String,
        salvage: ProfileSalvage? = nil
    ) {
        self.client = client
        self.salvage = salvage
        self.seat = seat
        self.folder = folder
    }

    /// Opens a client on the profile in a folder, whether or not other processes use it.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder, made where there is none.
    ///   - server: The server.
    ///   - credential: What to sign in with, as for `DocketClient.open`.
    ///   - logger: Told of connections, commands and feeds, and never of what was said; nil for
    ///     nothing.
    /// - Returns: The client.
    /// - Throws: `profileBusy` if another process has the profile and does not answer within five
    ///   seconds; what `DocketClient.open` throws.
    public static func open(
        at folder: String,
        to server: Server,
        as credential: Credential,
        logger: Logger? = nil
    ) async throws(DocketClientError) -> SharedClient {
        try await open(
            at: folder,
            over: try NetworkConnector(to: server, software: DocketClient.software),
            as: credential,
            logger: logger
        )
    }

    /// Opens a client over any connections.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder.
    ///   - connector: What makes its connections.
    ///   - credential: What to sign in with.
    ///   - logger: Told what happens; nil for nothing.
    ///   - failpoint: Told where a held outbox stands, for tests that end the process there.
    /// - Returns: The client.
    /// - Throws: As for a server.
    package static func open(
        at folder: String,
        over connector: any Connector,
        as credential: Credential,
        logger: Logger? = nil,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void = { _ in }
    ) async throws(DocketClientError) -> SharedClient {
        let clock = EngineClock.system
        let seat = ProfileSeat(at: folder) { (profile) async throws(DocketClientError) in
            try await DocketClient.open(
                profile,
                over: connector,
                as: credential,
                clock: clock,
                random: SystemRandomNumberGenerator(),
                logger: logger,
                failpoint: failpoint
            )
        }
        do throws(DocketClientError) {
            switch try await seat.role() {
            case .holder(let client):
                let salvage = await seat.salvage
                return SharedClient(client, seat, folder: folder, salvage: salvage)
            case .visitor:
                let client = try await DocketClient.visiting(
                    folder,
                    over: connector,
                    as: credential,
                    clock,
                    logger: logger
                )
                return SharedClient(client, seat, folder: folder)
            }
        } catch {
            await seat.close()
            throw error
        }
    }

    /// Says something: the message is kept in the profile when this returns, and sent as soon as
    /// that is possible, by whichever process holds the profile then.
    ///
    /// The copies of its files stand in the folder of the profile, which is the holder's alone.
    /// Where another process holds it, this one uploads the files before the message is kept, which
    /// wants a connection.
    ///
    /// - Parameters:
    ///   - text: What to say, as for `Conversation.send`.
    ///   - conversation: Where to say it.
    ///   - request: The request that it continues; nil lets the conversation's newest decide.
    ///   - title: The title of the request, if the message opens one.
    ///   - attachments: Its files, in the order in which to show them; at most 10.
    ///   - id: The message's id. The same text with the same id again is the same message.
    /// - Returns: The message, whose outcome can be waited for.
    /// - Throws: Why the message is not kept. After `profileBusy` it may be: send it again with its
    ///   id.
    public func send(
        _ text: String,
        in conversation: Conversation,
        continuing request: RequestID? = nil,
        title: String? = nil,
        attachments: [AttachmentDraft] = [],
        id: MessageID = MessageID()
    ) async throws(EnqueueError) -> SharedMessage {
        let draft = try conversation.draft(
            text,
            continuing: request,
            title: title,
            attachments: attachments,
            id: id
        )
        let pending = try await keep(draft, attachments, of: conversation)
        return SharedMessage(id: id, draft: draft, pending: pending, client: self)
    }

    /// Says that everything up to an event's offset has been read: the mark is kept in the profile
    /// when this returns, and sent as soon as that is possible, by whichever process holds the
    /// profile then.
    ///
    /// It is shown in the views of this process at once, as `Conversation.markRead` does.
    ///
    /// - Parameters:
    ///   - offset: The offset of the event up to which everything has been read.
    ///   - conversation: The conversation.
    /// - Throws: Why the mark is not kept. After `profileBusy` it may be.
    public func markRead(
        upTo offset: UInt64,
        in conversation: Conversation
    ) async throws(EnqueueError) {
        guard let mark = try conversation.readMark(upTo: offset) else { return }
        try await atSeat { (holder) async throws(EnqueueError) in
            try await holder.marks.keep(mark)
            if holder !== client { try await client.marks.show(mark) }
        } visiting: { (visit) async throws(HolderVisit.Fault) in
            if let error = try await visit.mark(mark) { return .failure(error) }
            do throws(EnqueueError) {
                return .success(try await client.marks.show(mark))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Keeps a command in the profile; the same again is the one that is kept already.
    ///
    /// - Parameters:
    ///   - draft: The command.
    ///   - files: The files that it names, in order.
    ///   - conversation: Where they belong; nil where there are none.
    /// - Returns: The message, where this process holds the profile.
    /// - Throws: Why it is not kept.
    func keep(
        _ draft: CommandDraft,
        _ files: [AttachmentDraft] = [],
        of conversation: Conversation? = nil
    ) async throws(EnqueueError) -> PendingMessage? {
        try await atSeat { (holder) async throws(EnqueueError) in
            try await holder.runner.queue(draft, files: files).command.message
        } visiting: { (visit) async throws(HolderVisit.Fault) in
            if let error = await upload(files, to: conversation) { return .failure(error) }
            return try await visit.queue(draft).map(Result.failure) ?? .success(nil)
        }
    }

    /// Uploads the files of a message that another process will send; gives why that failed.
    private func upload(
        _ files: [AttachmentDraft],
        to conversation: Conversation?
    ) async -> EnqueueError? {
        guard let conversation else { return nil }
        for file in files {
            do throws(DocketClientError) {
                _ = try await conversation.upload(file.content, name: file.name, id: file.id)
            } catch {
                return .attachmentUnsent(file.name, error.message)
            }
        }
        return nil
    }

    /// The messages of all processes that have no verdict yet, and those that were refused, in the
    /// order in which they were queued.
    ///
    /// - Throws: `storage` if the profile cannot be read, `profileBusy`.
    public func queued() async throws(DocketClientError) -> [QueuedMessage] {
        switch try await seat.role() {
        case .holder(let client): return try client.outbox.messages()
        case .visitor: return try Outbox.messages(ofProfileAt: folder)
        }
    }

    /// The requests, tickets and comments that have no verdict yet, and those that were refused, in
    /// the order in which they were queued.
    ///
    /// - Throws: `storage` if the profile cannot be read, `profileBusy`.
    public func queuedRequests() async throws(DocketClientError) -> [QueuedRequest] {
        switch try await seat.role() {
        case .holder(let client): return try client.outbox.requests()
        case .visitor: return try Outbox.requests(ofProfileAt: folder)
        }
    }

    /// Sends what was refused, has failed or has expired again, as `Outbox.retry` does.
    ///
    /// - Parameter id: What was queued.
    /// - Returns: The id under which it is sent; nil if it is none of these.
    /// - Throws: Why it cannot be kept; then it stays as it is.
    public func retry<Subject>(
        _ id: Identifier<Subject>
    ) async throws(EnqueueError) -> Identifier<Subject>? {
        let id = CommandID(id)
        let renewed = try await atSeat { (holder) async throws(EnqueueError) in
            try await holder.outbox.retry(id) as CommandID?
        } visiting: { (visit) async throws(HolderVisit.Fault) in
            try await visit.retry(id)
        }
        return renewed.map { Identifier($0) }
    }

    /// Forgets what was queued; what is behind it moves up.
    ///
    /// - Parameter id: What was queued.
    /// - Returns: Whether there was such a thing. What may have been sent can still arrive.
    /// - Throws: Why it could not be taken out of the profile.
    @discardableResult
    public func discard(_ id: Identifier<some Any>) async throws(EnqueueError) -> Bool {
        let id = CommandID(id)
        return try await atSeat { (holder) async throws(EnqueueError) in
            try await holder.outbox.discard(id)
        } visiting: { (visit) async throws(HolderVisit.Fault) in
            try await visit.discard(id)
        }
    }

    /// Ends the connections and gives the profile back; what is queued stays there.
    public func close() async {
        await seat.close()
        client.close()
    }

    /// Does something at the outbox, here or with the holder; again where the holder has ended.
    private func atSeat<Value: Sendable>(
        holding: (DocketClient) async throws(EnqueueError) -> Value,
        visiting: (HolderVisit) async throws(HolderVisit.Fault) -> Result<Value, EnqueueError>
    ) async throws(EnqueueError) -> Value {
        let deadline = ContinuousClock.now + HolderVisit.patience
        while true {
            let visit: HolderVisit
            switch try await role() {
            case .holder(let client): return try await holding(client)
            case .visitor(let holder): visit = holder
            }
            let result: Result<Value, EnqueueError>
            do throws(HolderVisit.Fault) {
                result = try await visiting(visit)
            } catch {
                await seat.lost(visit)
                guard error == .gone, ContinuousClock.now < deadline else { throw busy }
                continue
            }
            return try result.get()
        }
    }

    /// The holder does not answer.
    var busy: EnqueueError { .profileBusy(processID: ProfileLock.holder(of: folder)) }

    private func role() async throws(EnqueueError) -> ProfileSeat.Role {
        do throws(DocketClientError) {
            return try await seat.role()
        } catch {
            switch error.code {
            case .profileBusy: throw busy
            case .closed: throw .closed
            case .otherPrincipal: throw .otherPrincipal(error.message)
            default: throw .storageFailed(error.message)
            }
        }
    }
}
