internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Gives a request to an agent, or to nobody.
struct AssignCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Give a request to an agent, or to nobody.",
        discussion: "Supervisors name an agent by login; who may not list the agents, by id."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @Option(help: "The agent's login or id.")
    var to: String?

    @Flag(help: "Give it to nobody: it goes back to the queue.")
    var nobody = false

    func validate() throws {
        guard (to != nil) != nobody else {
            throw ValidationError("Say to whom: --to LOGIN or --nobody")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        var agent: PartyID?
        if let to {
            agent = PartyID(to)
            if agent == nil { agent = try await Agents(client).find(login: to).party.id }
        }
        let request = try await client.requests.get(number: number.value)
        try output.tell(try await client.requests.assign(request.id, to: agent))
        return .done
    }
}
