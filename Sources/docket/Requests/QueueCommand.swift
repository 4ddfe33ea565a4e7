internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Lists requests.
struct QueueCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "List requests and how long their contacts have waited.",
        discussion: """
            Without options: unassigned requests, oldest first. WAITS is the time since the
            contact's first message that nobody has answered, LAST is who wrote last.

              docket queue --sort waiting --credentials dev-credentials.json
              docket queue --mine --waiting --credentials dev-credentials.json
              docket queue --all --priority high --tag vip --credentials FILE
              docket queue --status waiting --channel chat --credentials FILE
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Flag(help: "Your requests.")
    var mine = false

    @Flag(help: "All open requests, whoever has them; --status lists others.")
    var all = false

    @Option(help: "The requests of an agent, by login or id.")
    var assignee: String?

    @Option(help: "A contact's requests, closed ones too: by name, address, number or id.")
    var contact: String?

    @Option(
        parsing: .upToNextOption,
        help: "Only these statuses, by key, whoever has the requests."
    )
    var status: [String] = []

    @Option(help: "Only this channel, by key.")
    var channel: String?

    @Option(help: "Only this topic, by key. Repeatable.")
    var topic: [String] = []

    @Option(help: "Only this type, by key. Repeatable.")
    var type: [String] = []

    @Option(help: "Only this priority, by key. Repeatable.")
    var priority: [String] = []

    @Option(help: "Only requests with this tag. Repeatable: with all of them.")
    var tag: [String] = []

    @Flag(help: "Only requests whose contact waits for an answer.")
    var waiting = false

    @Flag(help: "Only live chats.")
    var live = false

    @Option(help: "opened, waiting (the longest first), changed or priority (the highest first).")
    var sort: RequestOrder?

    @Flag(help: "The newest first.")
    var newest = false

    @Option(help: "How many at most, up to 1000.")
    var limit = 50

    /// The longest list of one command: a person narrows it down.
    private static let longestList = 1_000
    /// Requests among which the first of an order are looked for; the server knows the order by
    /// number alone.
    private static let mostSorted = 5_000

    func validate() throws {
        guard [mine, all, assignee != nil].count(where: \.self) <= 1 else {
            throw ValidationError("--mine, --all and --assignee exclude each other")
        }
        guard sort == nil || !newest else {
            throw ValidationError("--sort and --newest exclude each other")
        }
        guard (1...Self.longestList).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(Self.longestList)")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let rules = needsRules ? try await DeskRules(of: client) : nil
        if let rules { try check(rules) }
        let selection = try await selection(client)
        let order = sort ?? .opened
        let bound = order == .opened ? limit : Self.mostSorted
        let found = try await client.requests.list(selection, atMost: bound)
        let sorted = order.sorted(found.items, ranks: rules?.priorityRanks ?? [:])
        try output.show(Array(sorted.prefix(limit)), at: .now)
        guard !output.json else { return .done }
        if !found.isWhole, order != .opened {
            try tell("Only the first \(Self.mostSorted) were sorted: narrow the list down.")
        } else if !found.isWhole || sorted.count > limit {
            try tell("There are more: raise --limit.")
        }
        return .done
    }

    private func tell(_ text: TerminalText) throws {
        try OutputWriter.standardError.writeLine(text)
    }

    /// Whether the policy is needed: to refuse what it does not have, or for its priorities' order.
    private var needsRules: Bool {
        channel != nil || ![status, topic, type, priority].allSatisfy(\.isEmpty)
            || sort == .priority
    }

    private func check(_ rules: DeskRules) throws(CommandFailure) {
        try rules.check(status, among: rules.statusKeys, "status")
        try rules.check([channel].compactMap { $0 }, among: rules.channelKeys, "channel")
        try rules.check(topic, among: rules.topicKeys, "topic")
        try rules.check(type, among: rules.typeKeys, "type")
        try rules.check(priority, among: rules.priorityKeys, "priority")
    }

    private func selection(_ client: DocketClient) async throws -> RequestSelection {
        let namesOthers = assignee != nil || contact != nil || !status.isEmpty
        var selection = RequestSelection(mine ? .mine : all || namesOthers ? .any : .nobodys)
        selection.statuses = status
        if let contact { selection.contact = try await Directory(client).id(of: contact) }
        selection.channel = channel
        selection.topics = topic
        selection.types = type
        selection.priorities = priority
        selection.tags = tag
        selection.isWaitingOnly = waiting
        selection.isLiveOnly = live
        selection.newestFirst = newest
        if let assignee { selection.assignee = try await AgentNames(client).id(of: assignee) }
        return selection
    }
}
