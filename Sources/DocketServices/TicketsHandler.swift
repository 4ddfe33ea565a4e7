internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Tickets`.
package struct TicketsHandler: TicketsService {
    /// The most tickets of a call: all other commands wait for them, some 15 milliseconds.
    package static let ticketsInCall = 100

    private let desk: Desk

    /// Serves the tickets of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func pushBatch(
        _ call: Docket_V1_PushTicketsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_PushTicketsReply {
        guard !call.tickets.isEmpty else { throw .field(.fieldMissing, "tickets") }
        guard call.tickets.count <= Self.ticketsInCall else {
            throw RPCError(.tooMany(field: "tickets", limit: UInt64(Self.ticketsInCall)))
        }
        let principal = try context.principal
        let read = call.tickets.map { ticket in
            Result { () throws(RPCError) in try Submission(ticket, by: principal) }
        }
        let group = SubmissionGroup(read.compactMap { try? $0.get() }, bond: .independent)
        var replies = await desk.submit(group)[...]
        var reply = Docket_V1_PushTicketsReply()
        reply.verdicts = read.map { submission in
            switch submission {
            case .failure(let error): Docket_V1_TicketVerdict(.failure(error))
            case .success: Docket_V1_TicketVerdict(replies.popFirst())
            }
        }
        return reply
    }

    package func get(
        _ call: Docket_V1_GetTicketCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetTicketReply {
        let principal = try context.principal
        guard let key = call.key else { throw .field(.fieldMissing, "key") }
        let request: SupportRequest
        switch key {
        case .id(let bytes):
            let id: RequestID = try identifier(bytes, "id")
            request = try await asking { () async throws(QueryError) in
                try await desk.request(id, for: principal)
            }
        case .externalKey(let key):
            try require(key, atMost: TextLimits.externalKeyBytes, "external_key")
            let partner = try partner(principal)
            request = try await asking { () async throws(QueryError) in
                try await desk.ticket(externalKey: key, of: partner)
            }
        }
        var reply = Docket_V1_GetTicketReply()
        reply.request = Docket_V1_Request(request, for: view(for: principal))
        return reply
    }

    package func list(
        _ call: Docket_V1_ListTicketsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListTicketsReply {
        try allow(call.keyPrefix, atMost: TextLimits.externalKeyBytes, "key_prefix")
        let limit = try pageLimit(call.limit)
        let principal = try context.principal
        let partner = try partner(principal)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.tickets(of: partner, prefix: call.keyPrefix, page: token, limit: limit)
        }
        let view = view(for: principal)
        var reply = Docket_V1_ListTicketsReply()
        reply.requests = page.requests.map { Docket_V1_Request($0, for: view) }
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }

    package func messages(
        _ call: Docket_V1_TicketMessagesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        let limit = try pageLimit(call.limit)
        let principal = try context.principal
        let page = try await asking { () async throws(QueryError) in
            try await desk.messages(
                of: id,
                for: principal,
                after: call.afterSequence,
                limit: limit
            )
        }
        return try Docket_V1_RequestMessagesReply(page)
    }

    package func comment(
        _ call: Docket_V1_CommentCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CommentReply {
        try await desk.perform(TicketCommands.comment, call, context)
    }

    private func view(for principal: Principal) -> RequestView {
        RequestView(policy: desk.policy, audience: principal.audience)
    }

    /// The partner who calls: the method table lets nobody else come here.
    private func partner(_ principal: Principal) throws(RPCError) -> PrincipalID {
        guard case .partner(let id) = principal.identity else { throw RPCError(Reason.notFound) }
        return id
    }
}

extension Submission {
    /// What a ticket asks for.
    ///
    /// The digest leaves the request's id out: the same content under the same external key is the
    /// same request.
    fileprivate init(_ ticket: Docket_V1_Ticket, by principal: Principal) throws(RPCError) {
        let push = try TicketPush(ticket)
        var content = ticket
        content.id = Data()
        self.init(
            key: Key(
                id: CommandID(push.creation.id),
                digest: try Digest(of: content, TicketsMethods.pushBatch)
            ),
            principal: principal,
            change: .ticket(push)
        )
    }
}

extension Docket_V1_TicketVerdict {
    /// The desk's answer to a ticket.
    fileprivate init(_ reply: Reply?) {
        self.init(
            Result { () throws(RPCError) in
                guard let reply else { throw RPCError(.serverError, "a ticket has no answer") }
                return try Docket_V1_PushedTicket(try reply.acceptance)
            }
        )
    }

    fileprivate init(_ verdict: Result<Docket_V1_PushedTicket, RPCError>) {
        self.init()
        switch verdict {
        case .success(let ticket): pushed = ticket
        case .failure(let error): refusal = CallStatus(error).message
        }
    }
}

extension Docket_V1_PushedTicket {
    fileprivate init(_ acceptance: Acceptance) throws(RPCError) {
        guard case .ticket(let request) = acceptance.result else { throw acceptance.mismatch }
        self.init()
        requestID = request.id.data
        number = request.number
        offset = acceptance.offset
        wasKnown = acceptance.isRepetition
    }
}
