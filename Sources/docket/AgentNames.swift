internal import DocketClient
internal import DocketCommandLine

/// An agent, as far as whoever asks may know it.
struct Agent: Sendable {
    let id: PartyID
    let name: String
    let login: String
    /// What it may do; `nil` where whoever asks is not told.
    var role: AgentRole?
    /// Whether it is locked out; whoever is not told who is locked sees none who is.
    var isLocked = false

    /// The agent as a party.
    var party: Party { Party(kind: .agent, id: id, name: name) }

    /// The agent in a sentence, where its name alone would not tell which one is meant.
    var text: String { "\(name) (\(login))" }
}

/// How people name the desk's agents.
struct AgentNames {
    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// All of them, by login, with roles and locks: for supervisors and administrators.
    private func all() async throws(DocketClientError) -> [Agent] {
        let found = try await Listing { (limit, page) async throws(DocketClientError) in
            try await client.administration.agents(limit: limit, page: page)
        }
        return found.items.map {
            Agent(id: $0.id, name: $0.name, login: $0.login, role: $0.role, isLocked: $0.isLocked)
        }
    }

    /// All who may sign in, by login: for every agent.
    private func colleagues() async throws(DocketClientError) -> [Agent] {
        let found = try await Listing { (limit, page) async throws(DocketClientError) in
            try await client.agents.list(limit: limit, page: page)
        }
        return found.items.map { Agent(id: $0.id, name: $0.name, login: $0.login) }
    }

    /// The agent whom somebody names by login or by name.
    ///
    /// A login goes before a name, and a name has to be one agent's alone, in any case of letters.
    func find(_ name: String) async throws -> Agent {
        let known = try await known()
        if let agent = known.first(where: { $0.login == name }) { return agent }
        let named = known.filter { $0.name.lowercased() == name.lowercased() }
        guard let agent = named.first else {
            let logins = known.prefix(Self.suggestions).map(\.login).joined(separator: ", ")
            let more = known.count > Self.suggestions ? ", and more: docket agent list" : ""
            throw CommandFailure(
                "no agent has the login or the name \(name)",
                advice: "The logins are: \(logins)\(more)",
                status: .notFound
            )
        }
        guard named.count == 1 else {
            let texts = named.map(\.text).joined(separator: ", ")
            throw CommandFailure(
                "several agents have the name \(name)",
                advice: "Use the login: \(texts)",
                status: .usage
            )
        }
        return agent
    }

    /// Logins that are suggested where none fits.
    private static let suggestions = 20

    /// The agent whom somebody names by login, name or id.
    func named(_ name: String) async throws -> Agent {
        guard let id = PartyID(name) else { return try await find(name) }
        guard let agent = try await known().first(where: { $0.id == id }) else {
            throw CommandFailure(
                "no agent has the id \(name)",
                advice: "See who is there: docket agent list",
                status: .notFound
            )
        }
        return agent
    }

    /// The id of the agent whom somebody names by login, name or id.
    func id(of name: String) async throws -> PartyID {
        if let id = PartyID(name) { return id }
        return try await find(name).id
    }

    /// The id of the agent whom somebody names to give work to: not of one who is locked out.
    func id(ofActive name: String) async throws -> PartyID {
        if let id = PartyID(name) { return id }
        let agent = try await find(name)
        guard !agent.isLocked else {
            throw CommandFailure(
                "\(agent.text) is locked out and takes no requests",
                advice: "Name somebody else, or have an administrator unlock this agent: "
                    + "docket agent unlock \(agent.login)",
                status: .refused
            )
        }
        return agent.id
    }

    /// Everybody of whom the account may know: an administrator or a supervisor of all, an agent of
    /// those who may sign in.
    func known() async throws(DocketClientError) -> [Agent] {
        client.identity?.role == .agent ? try await colleagues() : try await all()
    }
}
