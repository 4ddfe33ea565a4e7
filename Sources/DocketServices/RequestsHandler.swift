internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Requests`.
package struct RequestsHandler: RequestsQueries {
    let desk: Desk

    /// Serves the requests of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        for command in RequestCommands.all { command.register(in: &router, for: desk) }
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

    package func messages(
        _ call: Docket_V1_RequestMessagesCall,
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

    package func chain(
        _ call: Docket_V1_ChainCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ChainReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        let (previous, next) = try await asking { () async throws(QueryError) in
            try await desk.neighbours(of: id)
        }
        let view = view(for: try context.principal)
        var reply = Docket_V1_ChainReply()
        if let previous { reply.previous = Docket_V1_Request(previous, for: view) }
        if let next { reply.next = Docket_V1_Request(next, for: view) }
        return reply
    }
}

extension LogEntry {
    /// The entry's event as the protocol has it.
    func readEvent() throws(RPCError) -> Docket_V1_Event {
        do {
            return try Docket_V1_Event(serializedBytes: event)
        } catch {
            throw RPCError(.serverError, "the entry at \(offset) cannot be read")
        }
    }
}

extension Docket_V1_RequestMessagesReply {
    /// A page of a request's messages.
    init(_ page: MessagePage) throws(RPCError) {
        self.init()
        entries = try page.messages.map { stored throws(RPCError) in
            var entry = Entry()
            entry.sequence = stored.sequence
            entry.offset = stored.entry.offset
            entry.event = try stored.entry.readEvent()
            return entry
        }
        more = page.hasMore
    }
}
