// Made from docket/v1/agents.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Agents`.
package enum AgentsMethods {
    /// Lists the agents who may sign in, by login: what it takes to name a colleague and no more.
    /// Administration/ListAgents tells roles, and who is locked.
    package static let list = Method(
        "docket.v1.Agents/List", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [list]
}

/// Whom requests can be handed to.
package protocol AgentsService: Sendable {
    /// Lists the agents who may sign in, by login: what it takes to name a colleague and no more.
    /// Administration/ListAgents tells roles, and who is locked.
    func list(
        _ call: Docket_V1_ListColleaguesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListColleaguesReply
}

extension AgentsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(AgentsMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Agents`.
package struct AgentsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Lists the agents who may sign in, by login: what it takes to name a colleague and no more.
    /// Administration/ListAgents tells roles, and who is locked.
    package func list(
        _ call: Docket_V1_ListColleaguesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListColleaguesReply {
        try await channel.unary(AgentsMethods.list, call, options: options)
    }
}
