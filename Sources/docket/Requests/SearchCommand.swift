internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Finds what was said, and requests by what they are called.
struct SearchCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search messages, notes, titles and customers' names. Newest first.",
        discussion: """
              docket search "late parcel" --credentials dev-credentials.json
              docket search printer --status waiting --since 7d --credentials FILE

            In a query,
              late parcel      finds texts with both words, anywhere,
              '"late parcel"'  finds the words next to each other (quotes for the shell),
              'parc*'          finds words that start like this: two letters or more.

            Upper and lower case are the same, and so are letters with and without accents
            or other marks, in every script. Chinese, Japanese, Thai, Lao, Khmer and
            Burmese text is found anywhere within a run: it has no spaces between words.
            """
    )

    /// The most hits of one command: a person narrows the search down.
    private static let mostHits = 1_000

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "Words, \"phrases\" and beginnings*; a text has to have them all.")
    var query: String

    @Option(
        parsing: .upToNextOption,
        help: "Only requests with one of these statuses now, by key."
    )
    var status: [String] = []

    @Option(help: "Only this channel, by key.")
    var channel: String?

    @Option(help: "Only since: 2026-11-01, 2026-11-01T09:00, or a span such as 2h or 7d ago.")
    var since: MomentArgument?

    @Option(help: "Only before: a moment or a span, as in --since.")
    var before: MomentArgument?

    @Option(help: "How many at most, up to 1000.")
    var limit = 50

    @Flag(help: "Write one JSON object a line.")
    var json = false

    func validate() throws {
        guard (1...Self.mostHits).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(Self.mostHits)")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        if channel != nil || !status.isEmpty {
            let rules = try await DeskRules(of: client)
            try rules.check(status, among: rules.statusKeys, "status")
            try rules.check([channel].compactMap { $0 }, among: rules.channelKeys, "channel")
        }
        var scope = SearchScope()
        scope.statuses = status
        scope.channel = channel
        scope.from = since?.text.timestamp(before: .now)
        scope.until = before?.text.timestamp(before: .now)
        let result: Result
        do throws(DocketClientError) {
            result = try await find(in: scope, with: client.search)
        } catch {
            throw CommandFailure(error, after: .search(query))
        }
        try json ? writeLines(result) : showTable(result, at: .now)
        return .done
    }

    /// What was found, and how far the server has looked.
    private struct Result {
        var found: Listing<FoundText>
        var indexedUpTo: UInt64
        var head: UInt64
    }

    private func find(
        in scope: SearchScope,
        with search: Search
    ) async throws(DocketClientError) -> Result {
        var (indexed, head): (UInt64, UInt64) = (0, 0)
        let found = try await Listing(atMost: limit) {
            (limit, place) async throws(DocketClientError) in
            let page = try await search.messages(query, in: scope, limit: limit, page: place)
            (indexed, head) = (page.indexedUpTo, page.head)
            return page.hits
        }
        return Result(found: found, indexedUpTo: indexed, head: head)
    }

    private func writeLines(_ result: Result) throws {
        let output = OutputWriter.standard
        for found in result.found.items { try output.write(JSONLine(found).text() + "\n") }
        let end = JSONLine(searchedUpTo: result.indexedUpTo, head: result.head)
        try output.write(end.text() + "\n")
    }

    private func showTable(_ result: Result, at now: Timestamp) throws {
        let output = OutputWriter.standard
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        let lines =
            result.found.items.isEmpty
            ? ["Nothing found."] : Self.table(of: result.found.items, at: now).lines(width: width)
        for line in lines { try output.writeLine(line, styled: isTerminal) }
        if !result.found.isWhole {
            try output.writeLine("There are more hits: raise --limit, or add words.")
        }
        if result.indexedUpTo < result.head {
            try output.writeLine(
                "The newest messages are not indexed yet: search again in a moment."
            )
        }
    }

    /// A table of what was found; a text that found a request may be an earlier title of it.
    static func table(of found: [FoundText], at now: Timestamp) -> TextTable {
        var table = TextTable(columns: [
            .init("REQUEST", alignment: .trailing, importance: .key),
            .init("STATUS", importance: .useful),
            .init("AGO", alignment: .trailing, importance: .detail),
            .init("BY", importance: .useful), .init("KIND", importance: .detail), .init("TEXT"),
            .init("ABOUT", importance: .useful),
        ])
        for text in found {
            table.append([
                "\(text.requestNumber)", status(of: text), RequestOutput.age(text.at, at: now),
                "\(text.author.name)", "\(text.kind.rawValue)", "\(text.snippet)",
                "\(text.title)",
            ])
        }
        return table
    }

    /// Where a request stands; what is no longer there is marked whatever its status is called.
    private static func status(of found: FoundText) -> TerminalText {
        switch found.category {
        case .deleted where found.status != "deleted": "\(found.status) (deleted)"
        case .merged where found.status != "merged": "\(found.status) (merged)"
        case .new, .open, .waiting, .resolved, .closed, .merged, .deleted, .unknown:
            "\(found.status)"
        }
    }
}
