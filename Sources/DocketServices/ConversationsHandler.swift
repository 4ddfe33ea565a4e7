internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// Serves `Conversations`.
package struct ConversationsHandler: ConversationsService {
    private let desk: Desk

    /// Serves the conversations of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func open(
        _ call: Docket_V1_OpenConversationCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_OpenConversationReply {
        try require(call.channel, atMost: 64, "channel")
        let command = OpenConversation(
            id: try identifier(call.header.commandID, "header.command_id"),
            channel: call.channel,
            contact: try optionalIdentifier(call.contactID, "contact_id")
        )
        let acceptance = try await desk.accept(
            .command(.openConversation(command)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        guard case .conversation(let conversation) = acceptance.result else {
            throw acceptance.mismatch
        }
        var reply = Docket_V1_OpenConversationReply()
        reply.conversation = conversation
        reply.offset = acceptance.offset
        return reply
    }

    package func post(
        _ call: Docket_V1_PostCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_PostReply {
        try allow(call.title, atMost: TextLimits.titleBytes, "title")
        if call.attachmentIds.isEmpty || !call.text.isEmpty {
            try require(call.text, atMost: TextLimits.messageBytes, "text")
        }
        let authored = call.authoredMilliseconds
        let command = Post(
            id: try identifier(call.header.commandID, "header.command_id"),
            conversation: try identifier(call.conversationID, "conversation_id"),
            text: call.text,
            authoredAt: authored > 0 ? Timestamp(milliseconds: authored) : nil,
            request: try optionalIdentifier(call.requestID, "request_id"),
            title: call.title.isEmpty ? nil : call.title,
            attachments: try call.attachmentIds.map { bytes throws(RPCError) in
                try identifier(bytes, "attachment_ids")
            }
        )
        let acceptance = try await desk.accept(
            .command(.post(command)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        guard case .message(let message) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_PostReply()
        reply.offset = acceptance.offset
        reply.sequence = message.sequence
        reply.requestID = message.request.data
        reply.requestNumber = message.requestNumber
        reply.acceptedMilliseconds = message.acceptedAt.milliseconds
        return reply
    }

    package func history(
        _ call: Docket_V1_HistoryCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_HistoryReply {
        let conversation: ConversationID = try identifier(call.conversationID, "conversation_id")
        let place: LogPlace? =
            switch call.place {
            case .before(let offset): .before(offset)
            case .after(let offset): .after(offset)
            case nil: nil
            }
        let limit = try pageLimit(call.limit)
        let principal = try context.principal
        let page = try await asking { () async throws(QueryError) in
            try await desk.history(of: conversation, for: principal, place, limit: limit)
        }
        var reply = Docket_V1_HistoryReply()
        reply.entries = try page.entries.map { entry throws(RPCError) in
            try Docket_V1_HistoryEntry(entry)
        }
        reply.fromOffset = page.from
        reply.toOffset = page.to
        reply.more = page.hasMore
        return reply
    }

    package func markRead(
        _ call: Docket_V1_MarkReadCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_MarkReadReply {
        let mark = MarkRead(
            conversation: try identifier(call.conversationID, "conversation_id"),
            upTo: call.upToOffset
        )
        let acceptance = try await desk.accept(
            .command(.markRead(mark)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_MarkReadReply()
        reply.offset = acceptance.offset
        return reply
    }

    package func markReceived(
        _ call: Docket_V1_MarkReceivedCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_MarkReceivedReply {
        let mark = MarkReceived(
            conversation: try identifier(call.conversationID, "conversation_id"),
            upTo: call.upToOffset
        )
        let acceptance = try await desk.accept(
            .command(.markReceived(mark)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_MarkReceivedReply()
        reply.offset = acceptance.offset
        return reply
    }

    package func typing(
        _ call: Docket_V1_TypingCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_TypingReply {
        let conversation: ConversationID = try identifier(call.conversationID, "conversation_id")
        let principal = try context.principal
        try await asking { () async throws(QueryError) in
            try await desk.signalTyping(of: principal, in: conversation)
        }
        return Docket_V1_TypingReply()
    }
}

/// Asks the desk; throws what the call is answered.
func asking<Answer>(
    _ query: () async throws(QueryError) -> Answer
) async throws(RPCError) -> Answer {
    do throws(QueryError) {
        return try await query()
    } catch {
        throw RPCError(error)
    }
}

extension Docket_V1_HistoryEntry {
    /// An entry of the log.
    fileprivate init(_ entry: LogEntry) throws(RPCError) {
        self.init()
        offset = entry.offset
        event = try entry.readEvent()
    }
}
