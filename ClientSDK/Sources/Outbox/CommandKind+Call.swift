internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension CommandKind {
    /// The method that is called.
    var method: Method {
        switch self {
        case .post, .ingest: ConversationsMethods.post
        case .request: RequestsMethods.create
        case .ticket: TicketsMethods.pushBatch
        case .comment: TicketsMethods.comment
        }
    }

    private var reply: any CommandReply.Type {
        switch self {
        case .post, .ingest: Docket_V1_PostReply.self
        case .request: Docket_V1_RequestChangeReply.self
        case .ticket: Docket_V1_PushTicketsReply.self
        case .comment: Docket_V1_CommentReply.self
        }
    }

    /// Makes the call of a command by itself, with the bytes that are kept.
    ///
    /// - Parameters:
    ///   - id: The command.
    ///   - call: Its encoded call.
    ///   - channel: The connection to make it on.
    ///   - options: How long the attempt may take.
    /// - Returns: The server's word that it took effect.
    /// - Throws: The refusal, or why there is no verdict.
    func perform(
        _ id: CommandID,
        call: [UInt8],
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> Acceptance {
        try await answer(reply, to: call, on: channel, options: options).acceptance(of: id)
    }

    private func answer<Reply: CommandReply>(
        _ type: Reply.Type,
        to call: [UInt8],
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> any CommandReply {
        let reply: Reply = try await channel.unary(method, encoded: call, options: options)
        return reply
    }

    /// Reads the server's word that a command took effect, as the answer of a lane has it.
    ///
    /// - Parameters:
    ///   - bytes: The encoded reply of the method.
    ///   - id: The command.
    /// - Returns: The server's word.
    /// - Throws: `malformed_message` for bytes that are no such reply.
    func acceptance(_ bytes: Data, of id: CommandID) throws(RPCError) -> Acceptance {
        try decode(reply, bytes).acceptance(of: id)
    }

    private func decode<Reply: CommandReply>(
        _ type: Reply.Type,
        _ bytes: Data
    ) throws(RPCError) -> any CommandReply {
        let reply: Reply = try decoded(bytes)
        return reply
    }
}

/// What a method that commands call replies.
private protocol CommandReply: SwiftProtobuf.Message, Sendable {
    /// The server's word on a command; throws where this side cannot use it, which says nothing of
    /// what happened, and where it is a refusal.
    func acceptance(of id: CommandID) throws(RPCError) -> Acceptance
}

extension Docket_V1_PostReply: CommandReply {
    fileprivate func acceptance(of id: CommandID) throws(RPCError) -> Acceptance {
        try .answered { () throws(DocketClientError) in
            .message(try Receipt(self, id: MessageID(id)))
        }
    }
}

extension Docket_V1_RequestChangeReply: CommandReply {
    fileprivate func acceptance(of id: CommandID) throws(RPCError) -> Acceptance {
        try .answered { () throws(DocketClientError) in
            .request(try SupportRequest(request), offset: offset)
        }
    }
}

extension Docket_V1_CommentReply: CommandReply {
    fileprivate func acceptance(of id: CommandID) throws(RPCError) -> Acceptance {
        try .answered { () throws(DocketClientError) in .comment(try CommentReceipt(self)) }
    }
}

extension Docket_V1_PushTicketsReply: CommandReply {
    fileprivate func acceptance(of id: CommandID) throws(RPCError) -> Acceptance {
        guard verdicts.count == 1 else {
            throw RPCError(.malformedMessage, "a ticket has no verdict")
        }
        return try verdicts[0].acceptance()
    }
}

extension Docket_V1_TicketVerdict {
    /// The server's word that a ticket was pushed; throws why it was not, or why nobody knows.
    func acceptance() throws(RPCError) -> Acceptance {
        switch verdict {
        case .pushed(let ticket):
            return try .answered { () throws(DocketClientError) in
                .ticket(try PushedTicket(ticket))
            }
        case .refusal(let status):
            throw CallStatus(status).error ?? RPCError(.malformedMessage, "a refusal that says OK")
        case nil: throw RPCError(.malformedMessage, "a ticket has no verdict")
        }
    }
}

extension Acceptance {
    /// Reads a reply; one that this side cannot use says nothing of what happened.
    fileprivate static func answered(
        _ reading: () throws(DocketClientError) -> Acceptance
    ) throws(RPCError) -> Acceptance {
        do throws(DocketClientError) {
            return try reading()
        } catch {
            throw RPCError(.malformedMessage, error.message)
        }
    }
}

extension CommandKind {
    /// What the replica holds of a command that took effect, until the feed tells it.
    ///
    /// - Parameters:
    ///   - call: The encoded call.
    ///   - acceptance: The server's word.
    ///   - identity: Who made it.
    /// - Returns: The event; nil where the replica has none of it.
    func taken(
        _ call: [UInt8],
        _ acceptance: Acceptance,
        by identity: Identity?
    ) -> ReplicaEvent? {
        switch acceptance {
        case .request, .ticket, .comment: return nil
        case .message(let receipt):
            guard let post = try? Docket_V1_PostCall(serializedBytes: call) else { return nil }
            let event = Docket_V1_Event.with {
                $0.atMilliseconds = receipt.acceptedAt.millisecondsSinceEpoch
                if let party = identity?.party { $0.actor = Docket_V1_Actor(party) }
                $0.conversationID = post.conversationID
                $0.requestID = Data(receipt.requestID.bytes)
                $0.requestNumber = receipt.requestNumber
                $0.messagePosted.messageID = Data(receipt.messageID.bytes)
                $0.messagePosted.sequence = receipt.sequence
                $0.messagePosted.text = post.text
                $0.messagePosted.authoredMilliseconds = post.authoredMilliseconds
                $0.messagePosted.attachments = post.attachmentIds.map { id in .with { $0.id = id } }
            }
            return ReplicaEvent(event, at: receipt.offset)
        }
    }
}

extension Receipt {
    /// The word that the message of an event is stored; nil where it is of anything else.
    static func of(_ entry: ReplicaEvent) -> Receipt? {
        guard case .messagePosted(let message) = entry.event.fact,
            let id = MessageID(bytes: message.messageID),
            let request = RequestID(bytes: entry.event.requestID)
        else { return nil }
        return Receipt(
            messageID: id,
            offset: entry.offset,
            sequence: message.sequence,
            requestID: request,
            requestNumber: entry.event.requestNumber,
            acceptedAt: Timestamp(millisecondsSinceEpoch: entry.event.atMilliseconds)
        )
    }
}

extension OutboxMachine.AttemptFailure {
    /// Whose trouble an attempt met; nil for a refusal, which is a verdict.
    init?(_ error: RPCError) {
        switch error.reason {
        // This side found the reply unusable, or nobody here cancelled the call.
        case .malformedMessage, .invalidUtf8, .wrongMessageCount:
            self = .fault(retryAfter: nil)
            return
        case .cancelled:
            self = .connection
            return
        default: break
        }
        switch Disposition(error) {
        case .repeats(let requested):
            let isFault =
                error.reason != .outcomeUnknown
                && (error.code == .internalError || error.code == .unknown)
            self = isFault ? .fault(retryAfter: requested) : .busy(retryAfter: requested)
        case .reconnects, .signsIn, .needsLogin: self = .connection
        case .resyncs: self = .fault(retryAfter: nil)
        case .final: return nil
        }
    }
}

extension Docket_V1_Actor {
    /// A party as the protocol names it.
    init(_ party: Party) {
        self.init()
        id = Data(party.id?.bytes ?? [])
        name = party.name
        kind =
            switch party.kind {
            case .contact: .principalContact
            case .agent: .principalAgent
            case .integration: .principalIntegration
            case .partner: .principalPartner
            case .desk: .principalDesk
            case .unknown: .unspecified
            }
    }
}
