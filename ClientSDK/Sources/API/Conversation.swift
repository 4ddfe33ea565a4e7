internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// A conversation of a contact on a channel, and what can be done with it.
public struct Conversation: Sendable {
    /// The longest page of a conversation's past, in events.
    private static let longestPage = 200

    let client: DocketClient
    /// Its id.
    public let id: ConversationID
    /// The conversation as it was when it was opened; nil if only its id was known.
    public let summary: ConversationSummary?

    /// Says something: the message is kept when this returns, and sent as soon as that is possible.
    ///
    /// It never waits for the network. Messages of one conversation are sent in the order in which
    /// they were queued, and none is stored before the one in front of it, over as many
    /// connections as it takes; a message is stored once however often it is sent. A client with a
    /// profile keeps them on disk, so that they survive the end of the process and of the machine's
    /// power; one without keeps them until it is closed.
    ///
    /// - Parameters:
    ///   - text: What to say; 1 to 16,384 bytes of UTF-8. It may be empty where there are
    ///     attachments.
    ///   - request: The request that it continues; nil lets the conversation's newest decide
    ///     whether it continues that one, reopens it or opens another.
    ///   - title: The title of the request, if the message opens one; at most 256 bytes. Some
    ///     channels want it.
    ///   - attachments: Its files, in the order in which to show them; at most 10.
    ///     They are copied before this returns, and uploaded as soon as that is possible; the
    ///     message waits for them.
    ///   - id: The message's id. Its time is told as the moment of writing.
    /// - Returns: The message, whose outcome can be waited for.
    /// - Throws: Why the message is not kept; then nothing is sent.
    public func send(
        _ text: String,
        continuing request: RequestID? = nil,
        title: String? = nil,
        attachments: [AttachmentDraft] = [],
        id: MessageID = MessageID()
    ) async throws(EnqueueError) -> PendingMessage {
        try await client.runner.queue(
            draft(text, continuing: request, title: title, attachments: attachments, id: id),
            files: attachments
        ).command.message
    }

    /// The command that says something.
    func draft(
        _ text: String,
        continuing request: RequestID?,
        title: String?,
        attachments: [AttachmentDraft],
        id: MessageID
    ) throws(EnqueueError) -> CommandDraft {
        try MessageLimits.largest.check(text: text, title: title, attachments: attachments.count)
        let call = Docket_V1_PostCall.with {
            $0.header.commandID = Data(id.bytes)
            $0.conversationID = Data(self.id.bytes)
            $0.text = text
            $0.attachmentIds = attachments.map { Data($0.id.bytes) }
            // Taken from the id, so that the same id always comes with the same bytes.
            $0.authoredMilliseconds = id.moment.millisecondsSinceEpoch
            $0.requestID = Data(request?.bytes ?? [])
            $0.title = title ?? ""
        }
        do throws(LocalStoreError) {
            return try CommandDraft(id, in: Lane(self.id), .post, call)
        } catch {
            throw EnqueueError(error)
        }
    }

    /// Says something, and waits for the server's verdict: a short form of `send` and `outcome`.
    ///
    /// When the time is over, the message is not sent any more, unless `send` has queued it before.
    /// A refused one holds up nothing. After `outcomeUnknown` post the
    /// same text with the same id again to learn what became of it. Messages that are posted at
    /// once are stored in the order in which they were queued.
    ///
    /// - Parameters:
    ///   - text: What to say; 1 to 16,384 bytes of UTF-8. It may be empty where there are
    ///     attachments.
    ///   - request: The request that it continues; nil lets the conversation's newest decide
    ///     whether it continues that one, reopens it or opens another.
    ///   - title: The title of the request, if the message opens one; at most 256 bytes. Some
    ///     channels want it.
    ///   - attachments: Its files, in the order in which to show them; at most 10.
    ///   - id: The message's id. Its time is told as the moment of writing.
    ///   - limit: How long to try; nil for `defaultLimit`, or for `transferLimit` where there are
    ///     files.
    /// - Returns: Whether the message is stored, or why it never will be.
    /// - Throws: `unreachable`, `outcomeUnknown`, `needsLogin`, `blocked`, `storage`,
    ///   `otherPrincipal`, `cancelled`, `closed`.
    public func post(
        _ text: String,
        continuing request: RequestID? = nil,
        title: String? = nil,
        attachments: [AttachmentDraft] = [],
        id: MessageID = MessageID(),
        within limit: Duration? = nil
    ) async throws(DocketClientError) -> PostOutcome {
        let draft: CommandDraft
        do throws(EnqueueError) {
            draft = try self.draft(
                text,
                continuing: request,
                title: title,
                attachments: attachments,
                id: id
            )
        } catch {
            throw DocketClientError(error)
        }
        let standard =
            attachments.isEmpty ? DocketClient.defaultLimit : DocketClient.transferLimit
        return try await client.runner.post(
            draft,
            files: attachments,
            within: limit ?? standard
        )
    }

    /// Reads a part of the conversation, in the order of offsets.
    ///
    /// - Parameters:
    ///   - place: Which part.
    ///   - count: How many events at most, 1 to 200.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func history(
        _ place: HistoryPlace = .newest,
        limit count: Int = 50
    ) async throws(DocketClientError) -> HistoryPage {
        let call = Docket_V1_HistoryCall.with {
            $0.conversationID = Data(id.bytes)
            $0.limit = UInt32(clamping: count)
            switch place {
            case .newest: break
            case .before(let offset): $0.before = offset
            case .after(let offset): $0.after = offset
            }
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ConversationsCaller(channel: channel).history(call, options: options)
        }
        return HistoryPage(reply)
    }

    /// How many messages stand between two places, counted from the later one backwards.
    ///
    /// - Parameters:
    ///   - earliest: The earlier place; 0 for the beginning of the conversation.
    ///   - offset: The later place.
    ///   - limit: Where to stop to count, at least 1.
    /// - Returns: The number; `limit` where there are so many or more.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func messageCount(
        after earliest: UInt64 = 0,
        before offset: UInt64,
        atMost limit: Int = 1_000
    ) async throws(DocketClientError) -> Int {
        var (count, place) = (0, offset)
        while count < limit {
            let page = try await history(.before(place), limit: Self.longestPage)
            count += page.events.count(where: { event in
                guard event.offset > earliest, case .messagePosted = event.fact else {
                    return false
                }
                return true
            })
            // A page that does not lead back would be asked for again and again.
            guard page.hasMore, page.range.lowerBound < place, page.range.lowerBound > earliest
            else { break }
            place = page.range.lowerBound
        }
        return min(count, limit)
    }

    /// Says that everything up to an event's offset has been read: the mark is kept when this
    /// returns, shown at once, and sent as soon as that is possible.
    ///
    /// It never waits for the network. A mark never moves back, and of several that wait only the
    /// furthest is sent. A client with a profile keeps it on disk, one without until it is closed.
    /// An own message can be shown before what others said in front of it has come: its mark
    /// leaves that unread.
    ///
    /// The offset is of the life of the log that the client was last told of: where the server has
    /// been restored from a backup before it heard of the mark, the mark is dropped, as something
    /// else may stand at its offset by then. `DocketClient.droppedReadMarks` tells of that.
    ///
    /// - Parameter offset: The offset of the event up to which everything has been read.
    /// - Throws: `storage`, `otherPrincipal`, `closed`: then the mark is not kept.
    public func markRead(upTo offset: UInt64) async throws(DocketClientError) {
        do throws(EnqueueError) {
            guard let mark = try readMark(upTo: offset) else { return }
            try await client.marks.keep(mark)
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The mark that says that everything up to an offset that is shown has been read.
    ///
    /// What a person sees is of the life that the replica holds, if it is shown; otherwise of the
    /// one that the server has told of. An own message is shown with the offset of its receipt
    /// before the feed gets there, and what the feed has yet to tell in front of it has not been
    /// read: the mark goes as far as what the feed has told.
    ///
    /// - Returns: The mark; nil where the feed has told nothing of the conversation yet.
    /// - Throws: Why it cannot be known what is shown.
    func readMark(upTo offset: UInt64) throws(EnqueueError) -> ReadMark? {
        let replica = client.replica
        let told: (cursor: Cursor, last: UInt64?)?
        do throws(LocalStoreError) {
            told =
                try !replica.isStarted
                ? nil
                : replica.store.read { tables in
                    try tables.cursor().map { cursor in
                        (cursor, try tables.lastShown(of: id, upTo: cursor.offset))
                    }
                }
        } catch {
            throw EnqueueError(error)
        }
        guard let told else {
            let epoch = client.engine.epoch ?? client.runner.epoch
            return ReadMark(conversation: id, position: offset, epoch: epoch)
        }
        let position = offset > told.cursor.offset ? told.last : offset
        return position.map { ReadMark(conversation: id, position: $0, epoch: told.cursor.epoch) }
    }

    /// Says that everything up to an event's offset has reached this device.
    ///
    /// A mark never moves back, and what is read has arrived.
    public func markReceived(upTo offset: UInt64) async throws(DocketClientError) {
        let call = Docket_V1_MarkReceivedCall.with {
            $0.header = Docket_V1_CommandHeader(CommandID())
            $0.conversationID = Data(id.bytes)
            $0.upToOffset = offset
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await ConversationsCaller(channel: channel).markReceived(call, options: options)
        }
    }

    /// Says that the user is typing.
    ///
    /// Nothing is repeated and nothing fails: a signal that comes late is worth nothing.
    ///
    /// Call it no more often than every `TypingSignal.interval`.
    public func typing() async {
        let call = Docket_V1_TypingCall.with { $0.conversationID = Data(id.bytes) }
        _ = try? await client.call(within: TypingSignal.interval) {
            (channel, options) async throws(RPCError) in
            try await ConversationsCaller(channel: channel).typing(call, options: options)
        }
    }

    /// What happens in this conversation, and who is typing in it, from a place on.
    ///
    /// Like `DocketClient.feed(from:)`, with the same cursors and errors.
    public func updates(from start: FeedStart = .now) -> Feed {
        Feed(engine: client.engine, start: start, conversation: id)
    }
}

extension Receipt {
    /// The server's answer to a post.
    init(_ reply: Docket_V1_PostReply, id: MessageID) throws(DocketClientError) {
        guard let requestID = RequestID(bytes: reply.requestID) else {
            throw .malformed("a receipt without its request")
        }
        messageID = id
        offset = reply.offset
        sequence = reply.sequence
        self.requestID = requestID
        requestNumber = reply.requestNumber
        acceptedAt = Timestamp(millisecondsSinceEpoch: reply.acceptedMilliseconds)
    }
}
