internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// Serves `Conversations`.
package struct ConversationsHandler: ConversationsQueries {
    private let desk: Desk

    /// Serves the conversations of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        for command in ConversationCommands.all { command.register(in: &router, for: desk) }
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
