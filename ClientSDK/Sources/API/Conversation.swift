internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// A conversation of a contact on a channel, and what can be done with it.
public struct Conversation: Sendable {
    let client: DocketClient
    /// Its id.
    public let id: ConversationID
    /// The conversation as it was when it was opened; nil if only its id was known.
    public let summary: ConversationSummary?

    /// Says something, and waits for the server's verdict.
    ///
    /// The message is repeated with its id over reconnections, so it is stored once however often
    /// it is sent. After `outcomeUnknown` post the same text with the same id again to learn what
    /// became of it. Post the next message after the verdict on this one to keep them in order.
    ///
    /// - Parameters:
    ///   - text: What to say; 1 to 16,384 bytes of UTF-8. It may be empty where there are
    ///     attachments.
    ///   - request: The request that it continues; nil lets the conversation's newest decide
    ///     whether it continues that one, reopens it or opens another.
    ///   - title: The title of the request, if the message opens one; at most 256 bytes. Some
    ///     channels want it.
    ///   - attachments: Files that were uploaded for this conversation, in the order in which to
    ///     show them; at most 10.
    ///   - id: The message's id. Its time is told as the moment of writing.
    ///   - limit: How long to try.
    /// - Returns: Whether the message is stored, or why it never will be.
    /// - Throws: `unreachable`, `outcomeUnknown`, `needsLogin`, `cancelled`, `closed`.
    public func post(
        _ text: String,
        continuing request: RequestID? = nil,
        title: String? = nil,
        attachments: [AttachmentID] = [],
        id: MessageID = MessageID(),
        within limit: Duration = DocketClient.defaultLimit
    ) async throws(DocketClientError) -> PostOutcome {
        let call = Docket_V1_PostCall.with {
            $0.header.commandID = Data(id.bytes)
            $0.conversationID = Data(self.id.bytes)
            $0.text = text
            $0.attachmentIds = attachments.map { Data($0.bytes) }
            // Taken from the id, so that the same id always comes with the same bytes.
            $0.authoredMilliseconds = id.moment.millisecondsSinceEpoch
            $0.requestID = Data(request?.bytes ?? [])
            $0.title = title ?? ""
        }
        do throws(DocketClientError) {
            let reply = try await client.call(within: limit) {
                (channel, options) async throws(RPCError) in
                try await ConversationsCaller(channel: channel).post(call, options: options)
            }
            return .posted(try Receipt(reply, id: id))
        } catch {
            guard error.code == .refused, let refusal = error.refusal else { throw error }
            return .refused(refusal)
        }
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

    /// Says that everything up to an event's offset has been read.
    ///
    /// A mark never moves back.
    public func markRead(upTo offset: UInt64) async throws(DocketClientError) {
        let call = Docket_V1_MarkReadCall.with {
            $0.header.commandID = Data(MessageID().bytes)
            $0.conversationID = Data(id.bytes)
            $0.upToOffset = offset
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await ConversationsCaller(channel: channel).markRead(call, options: options)
        }
    }

    /// Says that everything up to an event's offset has reached this device.
    ///
    /// A mark never moves back, and what is read has arrived.
    public func markReceived(upTo offset: UInt64) async throws(DocketClientError) {
        let call = Docket_V1_MarkReceivedCall.with {
            $0.header = .new
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
    fileprivate init(_ reply: Docket_V1_PostReply, id: MessageID) throws(DocketClientError) {
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
