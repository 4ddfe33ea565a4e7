internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The requests that a partner pushes, and what becomes of them.
///
/// For partners. A partner sees the requests that it has opened, as their contacts would;
/// `DocketClient.feed(from:)` tells what happens to them.
public struct Tickets: Sendable {
    let client: DocketClient

    /// The most tickets of one `push`.
    public static let ticketsInPush = 100

    /// Opens requests, each for itself: one that is refused stops nothing.
    ///
    /// A repetition opens nothing twice, so push again what has no verdict. A call that was
    /// interrupted is repeated by itself within the limit.
    ///
    /// - Parameters:
    ///   - tickets: The requests; 1 to 100.
    ///   - limit: How long to try.
    /// - Returns: The verdicts, one for each ticket, in their order.
    /// - Throws: `DocketClientError` if there is no answer in time, or the call is refused as a
    ///   whole: `too_many`.
    public func push(
        _ tickets: [TicketDraft],
        within limit: Duration = DocketClient.defaultLimit
    ) async throws(DocketClientError) -> [TicketVerdict] {
        let call = Docket_V1_PushTicketsCall.with {
            $0.tickets = tickets.map { Docket_V1_Ticket($0) }
        }
        let reply = try await client.call(within: limit) {
            (channel, options) async throws(RPCError) in
            try await TicketsCaller(channel: channel).pushBatch(call, options: options)
        }
        guard reply.verdicts.count == tickets.count else {
            throw DocketClientError(.incompatible, "a ticket has no verdict")
        }
        var verdicts: [TicketVerdict] = []
        for verdict in reply.verdicts { verdicts.append(try TicketVerdict(verdict)) }
        return verdicts
    }

    /// Opens a request: the ticket is kept when this returns, and pushed as soon as possible.
    ///
    /// It never waits for the network. Tickets do not wait for each other: up to 100 leave at once,
    /// and one that is refused stops nothing but the comments that were sent on it. A client with a
    /// profile keeps them on disk, so that they survive the end of the process and of the machine's
    /// power; one without keeps them until it is closed. `DocketClient.outbox` shows what waits.
    ///
    /// - Parameter ticket: The request. The same ticket again while it waits is the same one.
    /// - Returns: The ticket, whose outcome can be waited for.
    /// - Throws: Why it is not kept; then nothing is sent.
    public func send(_ ticket: TicketDraft) async throws(EnqueueError) -> PendingTicket {
        try MessageLimits.largest.check(text: ticket.text, title: ticket.title)
        let call = Docket_V1_PushTicketsCall.push(Docket_V1_Ticket(ticket))
        return try await client.runner.queue(ticket.id, in: Lane(ticket.id), .ticket, call).ticket
    }

    /// Says something in one of the partner's requests, for its contact: the comment is kept when
    /// this returns, and sent as soon as that is possible.
    ///
    /// Comments on one request are sent in the order in which they were queued, behind the ticket
    /// that opens it. It may be one that waits itself: then it is named by the ticket's own id. A
    /// ticket whose external key was known under another id is that other request, and comments
    /// under its own id are refused: `not_found`.
    ///
    /// - Parameters:
    ///   - text: What to say; 1 to 16,384 bytes of UTF-8.
    ///   - request: The request.
    ///   - id: The message's id.
    /// - Returns: The comment, whose outcome can be waited for.
    /// - Throws: Why it is not kept; then nothing is sent.
    public func send(
        comment text: String,
        on request: RequestID,
        id: MessageID = MessageID()
    ) async throws(EnqueueError) -> PendingComment {
        try MessageLimits.largest.check(text: text)
        let call = Docket_V1_CommentCall(text, on: request, id: id)
        return try await client.runner.queue(id, in: Lane(request), .comment, call).comment
    }

    /// Gives one of the partner's requests; `not_found` where it is not one of them.
    public func get(_ id: RequestID) async throws(DocketClientError) -> SupportRequest {
        try await get(.id(Data(id.bytes)))
    }

    /// Gives what the partner calls by an external key; `not_found` where there is none.
    public func get(
        externalKey: String
    ) async throws(DocketClientError) -> SupportRequest {
        try await get(.externalKey(externalKey))
    }

    private func get(
        _ key: Docket_V1_GetTicketCall.OneOf_Key
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_GetTicketCall.with { $0.key = key }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await TicketsCaller(channel: channel).get(call, options: options)
        }
        return try SupportRequest(reply.request)
    }

    /// Lists what the partner has pushed, by the bytes of the external keys.
    ///
    /// - Parameters:
    ///   - prefix: How the external keys begin; empty for all.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first. It belongs to one beginning of the keys.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        keyPrefix prefix: String = "",
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<SupportRequest> {
        let call = Docket_V1_ListTicketsCall.with {
            $0.keyPrefix = prefix
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await TicketsCaller(channel: channel).list(call, options: options)
        }
        return try Page(reply.requests, next: reply.nextPage) {
            message throws(DocketClientError) in try SupportRequest(message)
        }
    }

    /// Gives what was said in public in one of the partner's requests, in order.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - sequence: Only messages whose places are above this one.
    ///   - count: How many at most, 1 to 200.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func messages(
        of id: RequestID,
        after sequence: UInt64 = 0,
        limit count: Int = 50
    ) async throws(DocketClientError) -> RequestMessagePage {
        let call = Docket_V1_TicketMessagesCall.with {
            $0.requestID = Data(id.bytes)
            $0.afterSequence = sequence
            $0.limit = UInt32(clamping: count)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await TicketsCaller(channel: channel).messages(call, options: options)
        }
        return RequestMessagePage(reply)
    }

    /// Says something in one of the partner's requests, for its contact.
    ///
    /// - Parameters:
    ///   - text: What to say; 1 to 16,384 bytes of UTF-8.
    ///   - request: The request.
    ///   - id: The message's id. The same comment with the same id again is the same comment.
    /// - Returns: Where it came to stand.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func comment(
        _ text: String,
        on request: RequestID,
        id: MessageID = MessageID()
    ) async throws(DocketClientError) -> CommentReceipt {
        let call = Docket_V1_CommentCall(text, on: request, id: id)
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await TicketsCaller(channel: channel).comment(call, options: options)
        }
        return try CommentReceipt(reply)
    }
}

extension CommentReceipt {
    /// The server's answer to a comment.
    init(_ reply: Docket_V1_CommentReply) throws(DocketClientError) {
        guard let request = RequestID(bytes: reply.requestID) else {
            throw DocketClientError(.incompatible, "a comment has no request")
        }
        self.init(
            offset: reply.offset,
            sequence: reply.sequence,
            requestID: request,
            requestNumber: reply.requestNumber
        )
    }
}

extension Docket_V1_CommentCall {
    /// The call that comments, always with the same bytes for the same id.
    fileprivate init(_ text: String, on request: RequestID, id: MessageID) {
        self.init()
        header = Docket_V1_CommandHeader(id)
        requestID = Data(request.bytes)
        self.text = text
    }
}

extension Docket_V1_Ticket {
    /// A ticket as the protocol has it.
    fileprivate init(_ draft: TicketDraft) {
        self.init()
        id = Data(draft.id.bytes)
        externalKey = draft.externalKey
        contact.externalID = draft.contactExternalID
        contact.name = draft.contactName
        channel = draft.channel
        text = draft.text
        kind = draft.kind?.message ?? .unspecified
        title = draft.title ?? ""
        topic = draft.topic ?? ""
        type = draft.type ?? ""
        priority = draft.priority ?? ""
        fields = draft.fields.mapValues(\.message)
    }
}

extension PushedTicket {
    /// A request that is there, as the protocol has it.
    init(_ message: Docket_V1_PushedTicket) throws(DocketClientError) {
        guard let id = RequestID(bytes: message.requestID) else {
            throw DocketClientError(.incompatible, "a ticket has no request")
        }
        self.init(
            requestID: id,
            number: message.number,
            offset: message.offset,
            wasKnown: message.wasKnown
        )
    }
}

extension TicketVerdict {
    fileprivate init(_ message: Docket_V1_TicketVerdict) throws(DocketClientError) {
        switch message.verdict {
        case .pushed(let ticket):
            self = .pushed(try PushedTicket(ticket))
        case .refusal(let status):
            guard let error = CallStatus(status).error else {
                throw DocketClientError(.incompatible, "a refusal says OK")
            }
            self = .refused(Refusal(error), mayBeRepeated: !error.isFinal)
        case nil: throw DocketClientError(.incompatible, "a ticket has no verdict")
        }
    }
}
