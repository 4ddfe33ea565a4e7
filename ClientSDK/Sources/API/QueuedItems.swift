internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Where something in the outbox stands.
public enum QueueState: Hashable, Sendable {
    /// It waits for its turn.
    case waiting
    /// It is being sent.
    case sending
    /// The server refused it.
    case refused(Refusal)
    /// The server fails at it every time, or this machine has lost what belongs to it.
    case failed(Refusal)
    /// It has waited too long.
    case expired
    /// It waits behind this command, which was refused, has failed or has expired.
    case blocked(by: CommandID)

    init(_ command: QueuedCommand, isUnderWay: Bool, behind obstacle: CommandID?) {
        switch command.stop {
        case .refused(let refusal): self = .refused(refusal)
        case .gaveUp(let refusal): self = .failed(refusal)
        case .expired: self = .expired
        case nil: self = isUnderWay ? .sending : obstacle.map { .blocked(by: $0) } ?? .waiting
        }
    }
}

/// A message in the outbox.
public struct QueuedMessage: Hashable, Sendable {
    /// Its id.
    public let id: MessageID
    /// Where it is to be said.
    public let conversationID: ConversationID
    /// What is to be said.
    public let text: String
    /// The files that belong to it, and how far they have come.
    public let attachments: [QueuedAttachment]
    /// When it was queued, by the clock of this machine.
    public let queuedAt: Timestamp
    /// Whether it may have been sent already.
    public let mayBeSent: Bool
    /// Where it stands.
    public let state: QueueState
}

extension QueuedMessage {
    init(
        _ command: QueuedCommand,
        call bytes: [UInt8],
        _ attachments: [QueuedAttachment],
        _ state: QueueState
    ) throws(LocalStoreError) {
        let call: Docket_V1_PostCall = try kept(bytes)
        guard let conversation = ConversationID(bytes: call.conversationID) else {
            throw .damaged("a message without a conversation")
        }
        id = MessageID(command.id)
        conversationID = conversation
        text = call.text
        self.attachments = attachments
        queuedAt = command.queuedAt
        mayBeSent = command.mayBeSent
        self.state = state
    }
}

/// A request, a ticket or a comment in the outbox.
public struct QueuedRequest: Hashable, Sendable {
    /// What is to be done.
    public enum Content: Hashable, Sendable {
        /// A request is to be opened, under this id.
        case request(RequestID)
        /// A ticket is to be pushed, under this id.
        case ticket(RequestID, externalKey: String)
        /// Something is to be said on a partner's ticket, under this id.
        case comment(MessageID, on: RequestID)
    }

    /// The command's id, which is also the id of what it creates.
    public let id: CommandID
    /// What is to be done.
    public let content: Content
    /// The key of the channel; empty for a comment.
    public let channel: String
    /// The title; empty for none.
    public let title: String
    /// The description of a request or a ticket, or what is to be said.
    public let text: String
    /// When it was queued, by the clock of this machine.
    public let queuedAt: Timestamp
    /// Whether it may have been sent already.
    public let mayBeSent: Bool
    /// Where it stands.
    public let state: QueueState

    init(
        _ command: QueuedCommand,
        call bytes: [UInt8],
        _ state: QueueState
    ) throws(LocalStoreError) {
        switch command.kind {
        case .request:
            let call: Docket_V1_CreateRequestCall = try kept(bytes)
            content = .request(RequestID(command.id))
            (channel, title, text) = (call.channel, call.title, call.text)
        case .ticket:
            let ticket = try Docket_V1_Ticket(kept: bytes)
            content = .ticket(RequestID(command.id), externalKey: ticket.externalKey)
            (channel, title, text) = (ticket.channel, ticket.title, ticket.text)
        case .comment:
            let call: Docket_V1_CommentCall = try kept(bytes)
            guard let request = RequestID(bytes: call.requestID) else {
                throw .damaged("a comment without a request")
            }
            content = .comment(MessageID(command.id), on: request)
            (channel, title, text) = ("", "", call.text)
        case .post, .ingest: throw .damaged("a message where a request is to be")
        }
        id = command.id
        queuedAt = command.queuedAt
        mayBeSent = command.mayBeSent
        self.state = state
    }
}

extension CommandKind {
    /// The same call under another id, with other ids of its files if there are any.
    func renewed(
        _ bytes: [UInt8],
        as id: CommandID,
        files: [AttachmentID],
        in lane: Lane
    ) throws(LocalStoreError) -> CommandDraft {
        switch self {
        case .post, .ingest:
            var call: Docket_V1_PostCall = try kept(bytes)
            call.header.commandID = Data(id.bytes)
            if !files.isEmpty { call.attachmentIds = files.map { Data($0.bytes) } }
            return try CommandDraft(id, in: lane, self, call)
        case .request:
            var call: Docket_V1_CreateRequestCall = try kept(bytes)
            call.header.commandID = Data(id.bytes)
            return try CommandDraft(id, in: lane, self, call)
        case .ticket:
            var ticket = try Docket_V1_Ticket(kept: bytes)
            ticket.id = Data(id.bytes)
            return try CommandDraft(id, in: lane, self, .push(ticket))
        case .comment:
            var call: Docket_V1_CommentCall = try kept(bytes)
            call.header.commandID = Data(id.bytes)
            return try CommandDraft(id, in: lane, self, call)
        }
    }
}

extension CommandDraft {
    /// A command with a call that is yet to be encoded.
    init(
        _ id: Identifier<some Any>,
        in lane: Lane,
        _ kind: CommandKind,
        _ call: some SwiftProtobuf.Message
    ) throws(LocalStoreError) {
        do throws(RPCError) {
            self.init(id, in: lane, kind, call: try encoded(call))
        } catch {
            throw .failed(error.message)
        }
    }
}

extension CommandDraft {
    /// The same comment on another request.
    init(
        comment id: CommandID,
        _ bytes: [UInt8],
        on request: RequestID
    ) throws(LocalStoreError) {
        var call: Docket_V1_CommentCall = try kept(bytes)
        call.requestID = Data(request.bytes)
        try self.init(id, in: Lane(request), .comment, call)
    }
}

extension SwiftProtobuf.Message where Self == Docket_V1_PushTicketsCall {
    /// The call that pushes one ticket.
    static func push(_ ticket: Docket_V1_Ticket) -> Docket_V1_PushTicketsCall {
        .with { $0.tickets = [ticket] }
    }
}

extension Docket_V1_Ticket {
    /// Takes the ticket out of a call that was kept.
    fileprivate init(kept bytes: [UInt8]) throws(LocalStoreError) {
        let call: Docket_V1_PushTicketsCall = try kept(bytes)
        guard let ticket = call.tickets.first else { throw .damaged("a call without its ticket") }
        self = ticket
    }
}

/// Reads a call that was kept.
private func kept<Call: SwiftProtobuf.Message>(
    _ bytes: [UInt8]
) throws(LocalStoreError) -> Call {
    do {
        return try Call(serializedBytes: bytes)
    } catch {
        throw .damaged("a command that cannot be read")
    }
}
