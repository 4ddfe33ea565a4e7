internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Lists requests.
struct QueueCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "List the requests that nobody has, the first opened first."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Flag(help: "List your requests instead.")
    var mine = false

    @Flag(help: "List everybody's requests instead.")
    var all = false

    @Option(help: "How many at most.")
    var limit = 50

    func validate() throws {
        if mine, all { throw ValidationError("--mine and --all exclude each other") }
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let ownership: Requests.Ownership = mine ? .mine : all ? .any : .nobodys
        let page = try await client.requests.list(ownership, limit: limit)
        try output.show(page.requests, at: .now)
        return .done
    }
}
