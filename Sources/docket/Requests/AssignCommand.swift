internal import ArgumentParser
internal import DocketClient

/// Gives requests to an agent, or to nobody.
struct AssignCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Hand requests over to an agent, or back to the queue.",
        discussion: """
            Name the agent by login or by name; see who is there: docket agent list

              docket assign 12 13 --to cy --credentials FILE
              docket assign 12 --nobody --credentials FILE
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: ArgumentHelp("The numbers of the requests.", valueName: "numbers"))
    var words: [String]

    @Option(help: "The agent's login, name or id.")
    var to: String?

    @Flag(help: "Assign to nobody: back to the queue.")
    var nobody = false

    var numbers: [RequestNumber] { words.compactMap { RequestNumber(argument: $0) } }

    func validate() throws {
        for word in words where RequestNumber(argument: word) == nil {
            let meant = to == nil && !nobody ? ". Did you mean --to \(word)?" : ""
            throw ValidationError("'\(word)' is not the number of a request\(meant)")
        }
        guard to == nil || !nobody else { throw ValidationError("--to and --nobody: not both") }
        guard to != nil || nobody else {
            throw ValidationError("Say to whom: --to LOGIN or --nobody")
        }
        try validate(numbers)
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var agent: PartyID?
        if let to { agent = try await AgentNames(client).id(ofActive: to) }
        return try await client.requests.assign(request.id, to: agent)
    }
}
