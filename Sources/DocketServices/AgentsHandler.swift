internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation

/// Serves `Agents`: whom requests can be handed to.
package struct AgentsHandler: AgentsService {
    private let desk: Desk

    /// Serves the agents of a desk.
    package init(desk: Desk) { self.desk = desk }

    package func list(
        _ call: Docket_V1_ListColleaguesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListColleaguesReply {
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.agents(page: token, limit: limit)
        }
        var reply = Docket_V1_ListColleaguesReply()
        reply.nextPage = page.nextPage ?? Data()
        reply.colleagues = page.agents.compactMap { record in
            guard record.activeAgent != nil, let login = record.login else { return nil }
            var colleague = Docket_V1_ListColleaguesReply.Colleague()
            colleague.agent = Docket_V1_Actor(record.principal.party)
            colleague.login = login
            return colleague
        }
        return reply
    }
}
