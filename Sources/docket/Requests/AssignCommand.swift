internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Gives requests to an agent, or to nobody.
struct AssignCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Hand requests over to an agent, or back to the queue.",
        discussion: """
            Supervisors name an agent by login; who may not list the agents, by id.

              docket assign 12 13 --to cy --credentials FILE
              docket assign 12 --nobody --credentials FILE
            """
    )
    static let words = "docket assign"

    @OptionGroup var targets: RequestTargets

    @Option(help: "The agent's login or id.")
    var to: String?

    @Flag(help: "Assign to nobody: back to the queue.")
    var nobody = false

    var signIn: SignInOptions { targets.signIn }
    var output: RequestOutput { targets.output }
    var numbers: [RequestNumber] { targets.numbers }

    func validate() throws {
        guard (to != nil) != nobody else {
            throw ValidationError("Say to whom: --to LOGIN or --nobody")
        }
        try validate(numbers)
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
