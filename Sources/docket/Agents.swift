internal import DocketCalls
internal import DocketClient
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC

/// An agent, as administrators see it.
struct Agent: Sendable {
    let party: Party
    let login: String
    let role: AgentRole?
}

/// The desk's agents.
struct Agents {
    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// All of them, by login.
    func list() async throws(DocketClientError) -> [Agent] {
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel)
                .listAgents(Docket_V1_ListAgentsCall(), options: options)
        }
        return reply.agents.map {
            Agent(party: Party($0.agent), login: $0.login, role: AgentRole($0.role))
        }
    }

    /// The agent with a login.
    func find(login: String) async throws -> Agent {
        guard let agent = try await list().first(where: { $0.login == login }) else {
            throw CommandFailure(
                "no agent has the login \(login)",
                advice: "See who is there: docket agent list",
                status: .notFound
            )
        }
        return agent
    }
}
