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
        var agents: [Agent] = []
        var call = Docket_V1_ListAgentsCall()
        call.limit = Self.pageLimit
        repeat {
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await AdministrationCaller(channel: channel).listAgents(asked, options: options)
            }
            agents += reply.agents.map {
                Agent(party: Party($0.agent), login: $0.login, role: AgentRole($0.role))
            }
            call.page = reply.nextPage
        } while !call.page.isEmpty
        return agents
    }

    /// Agents of a page: as many as the server gives.
    private static let pageLimit: UInt32 = 200

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

    /// The id of the agent with a login, or the id that is named.
    ///
    /// Supervisors name an agent by login; who may not list the agents, by id.
    func id(of loginOrID: String) async throws -> PartyID {
        if let id = PartyID(loginOrID) { return id }
        guard let id = try await find(login: loginOrID).party.id else {
            throw CommandFailure("the agent \(loginOrID) has no id", status: .incompatible)
        }
        return id
    }
}
