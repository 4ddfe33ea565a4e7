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
        _ id: MessageID,
        call: [UInt8],
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> Receipt {
        switch self {
        case .post, .ingest:
            let reply: Docket_V1_PostReply = try await channel.unary(
                method,
                encoded: call,
                options: options
            )
            return try Receipt(answered: reply, id: id)
        }
    }

    /// Reads the server's word that a command took effect, as the answer of a lane has it.
    ///
    /// - Parameters:
    ///   - reply: The encoded reply of the method.
    ///   - id: The command.
    /// - Returns: The server's word.
    /// - Throws: `malformed_message` for bytes that are no such reply.
    func receipt(_ reply: Data, of id: MessageID) throws(RPCError) -> Receipt {
        switch self {
        case .post, .ingest: try Receipt(answered: try decoded(reply), id: id)
        }
    }
}

extension Receipt {
    /// Reads a reply; one that this side cannot use says nothing of what happened.
    fileprivate init(answered reply: Docket_V1_PostReply, id: MessageID) throws(RPCError) {
        do throws(DocketClientError) {
            self = try Receipt(reply, id: id)
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
    ///   - receipt: The server's word.
    ///   - identity: Who made it.
    /// - Returns: The event; nil where the replica has none of it.
    func taken(
        _ call: [UInt8],
        _ receipt: Receipt,
        by identity: Identity?
    ) -> ReplicaEvent? {
        switch self {
        case .post, .ingest:
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
    /// The message of an event, and the word that it is stored.
    static func of(_ entry: ReplicaEvent) -> (MessageID, Receipt)? {
        guard case .messagePosted(let message) = entry.event.fact,
            let id = MessageID(bytes: message.messageID),
            let request = RequestID(bytes: entry.event.requestID)
        else { return nil }
        let receipt = Receipt(
            messageID: id,
            offset: entry.offset,
            sequence: message.sequence,
            requestID: request,
            requestNumber: entry.event.requestNumber,
            acceptedAt: Timestamp(millisecondsSinceEpoch: entry.event.atMilliseconds)
        )
        return (id, receipt)
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
