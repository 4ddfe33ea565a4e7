internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Requests`.
package struct RequestsHandler: RequestsService {
    let desk: Desk

    /// Serves the requests of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func list(
        _ call: Docket_V1_ListRequestsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListRequestsReply {
        let principal = try context.principal
        let filter = try RequestFilter(call, of: principal)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.requests(filter, for: principal, page: token)
        }
        let view = view(for: principal)
        var reply = Docket_V1_ListRequestsReply()
        reply.requests = page.requests.map { Docket_V1_Request($0, for: view) }
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }

    /// How a principal sees requests.
    func view(for principal: Principal) -> RequestView {
        RequestView(policy: desk.policy, audience: principal.audience)
    }

    package func get(
        _ call: Docket_V1_GetRequestCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetRequestReply {
        let principal = try context.principal
        guard let key = call.key else { throw .field(.fieldMissing, "key") }
        let request: SupportRequest
        switch key {
        case .id(let bytes):
            let id: RequestID = try identifier(bytes, "id")
            request = try await asking { () async throws(QueryError) in
                try await desk.request(id, for: principal)
            }
        case .number(let number):
            request = try await asking { () async throws(QueryError) in
                try await desk.request(number: number, for: principal)
            }
        }
        var reply = Docket_V1_GetRequestReply()
        reply.request = Docket_V1_Request(request, for: view(for: principal))
        return reply
    }

    package func take(
        _ call: Docket_V1_TakeCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        return try await change(.take(id), call.header, context)
    }

    package func assign(
        _ call: Docket_V1_AssignCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let assign = Assign(
            request: try identifier(call.requestID, "request_id"),
            agent: try optionalIdentifier(call.agentID, "agent_id")
        )
        return try await change(.assign(assign), call.header, context)
    }

    package func finish(
        _ call: Docket_V1_FinishCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let finish = Finish(
            request: try identifier(call.requestID, "request_id"),
            status: call.status.isEmpty ? nil : call.status
        )
        return try await change(.finish(finish), call.header, context)
    }

    func change(
        _ command: Command,
        _ header: Docket_V1_CommandHeader,
        _ context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let acceptance = try await desk.accept(
            .command(command),
            header: header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_RequestChangeReply()
        reply.offset = acceptance.offset
        reply.request = try acceptance.request
        return reply
    }

    package func postNote(
        _ call: Docket_V1_PostNoteCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_PostNoteReply {
        try require(call.text, atMost: TextLimits.messageBytes, "text")
        let note = PostNote(
            id: try identifier(call.header.commandID, "header.command_id"),
            request: try identifier(call.requestID, "request_id"),
            text: call.text
        )
        let acceptance = try await desk.accept(
            .command(.postNote(note)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        guard case .note(let sequence) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_PostNoteReply()
        reply.offset = acceptance.offset
        reply.sequence = sequence
        return reply
    }
}
