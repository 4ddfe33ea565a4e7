internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Gives a request to an agent, or to nobody.
struct AssignCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Give a request to an agent, or to nobody.",
        discussion: "Supervisors name an agent by login; who may not list the agents, by id."
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "The agent's login or id.")
    var to: String?

    @Flag(help: "Give it to nobody: it goes back to the queue.")
    var nobody = false

    func validate() throws {
        guard (to != nil) != nobody else {
            throw ValidationError("Say to whom: --to LOGIN or --nobody")
        }
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var agent: PartyID?
        if let to { agent = try await Agents(client).id(of: to) }
        return try await client.requests.assign(request.id, to: agent)
    }
}
