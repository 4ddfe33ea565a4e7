internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Lists requests.
struct QueueCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "List the requests that nobody has, the first opened first.",
        discussion: """
              docket queue --all --newest --credentials dev-credentials.json
              docket queue --status waiting --channel chat --credentials dev-credentials.json
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Flag(help: "List your requests instead.")
    var mine = false

    @Flag(help: "List everybody's requests instead.")
    var all = false

    @Option(
        parsing: .upToNextOption,
        help: "List everybody's requests with these statuses, by their keys."
    )
    var status: [String] = []

    @Option(help: "List an agent's requests, by login or id.")
    var assignee: String?

    @Option(help: "List everybody's requests of a contact, by id, also those that have ended.")
    var contact: PartyArgument?

    @Option(help: "Only those on a channel, by its key.")
    var channel: String?

    @Flag(help: "The last opened first.")
    var newest = false

    @Option(help: "How many at most, up to 1000.")
    var limit = 50

    /// The longest list of one command: a person narrows it down.
    private static let longestList = 1_000
    /// Requests of a page: as many as the server gives.
    private static let pageLimit = 200

    func validate() throws {
        guard [mine, all, assignee != nil].count(where: \.self) <= 1 else {
            throw ValidationError("--mine, --all and --assignee exclude each other")
        }
        guard (1...Self.longestList).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(Self.longestList)")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let selection = try await selection(client)
        var requests: [SupportRequest] = []
        var page: PageToken?
        repeat {
            let found = try await client.requests.list(
                selection,
                limit: min(limit - requests.count, Self.pageLimit),
                page: page
            )
            requests += found.requests
            page = found.next
        } while page != nil && requests.count < limit
        try output.show(requests, at: .now)
        if page != nil, !output.json {
            try OutputWriter.standardError.writeLine("There may be more: raise --limit.")
        }
        return .done
    }

    private func selection(_ client: DocketClient) async throws -> RequestSelection {
        let namesOthers = assignee != nil || contact != nil || !status.isEmpty
        var selection = RequestSelection(mine ? .mine : all || namesOthers ? .any : .nobodys)
        selection.statuses = status
        selection.contact = contact?.value
        selection.channel = channel
        selection.newestFirst = newest
        if let assignee { selection.assignee = try await Agents(client).id(of: assignee) }
        return selection
    }
}
