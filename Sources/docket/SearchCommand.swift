internal import ArgumentParser
internal import DocketCalls
internal import DocketClient
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC
internal import DocketTerminal

/// Finds what was said.
struct SearchCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find messages and notes by their words, the newest first.",
        discussion: """
              docket search "late parcel" --credentials dev-credentials.json

            A query is made of
              late parcel      words, which have to be anywhere in a text,
              "late parcel"    phrases, whose words stand next to each other,
              parc*            and beginnings of words.

            Case and diacritics make no difference.
            """
    )

    /// The most hits of one command: a person narrows the search down.
    private static let mostHits = 1_000

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "Words, \"phrases\" and beginnings*; a text has to have them all.")
    var query: String

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
        let search = TextSearch(client)
        let result = try await search.find(query, limit: limit)
        try json ? writeLines(result) : showTable(result, at: .now)
        return .done
    }

    private func writeLines(_ result: TextSearch.Result) throws {
        let output = OutputWriter.standard
        for found in result.found { try output.write(JSONLine(found).text() + "\n") }
        let end = JSONLine(searchedUpTo: result.indexedUpTo, head: result.head)
        try output.write(end.text() + "\n")
    }

    private func showTable(_ result: TextSearch.Result, at now: Timestamp) throws {
        let output = OutputWriter.standard
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        let lines =
            result.found.isEmpty
            ? ["There is nothing."] : Self.table(of: result.found, at: now).lines(width: width)
        for line in lines { try output.writeLine(line, styled: isTerminal) }
        if result.hasMore {
            try output.writeLine("There is more: see it with a larger --limit, or name more words.")
        }
        if result.indexedUpTo < result.head {
            try output.writeLine("What was said last is not looked through yet.")
        }
    }

    private static func table(of found: [FoundText], at now: Timestamp) -> TextTable {
        var table = TextTable(columns: [
            .init("REQUEST", alignment: .trailing), .init("SINCE", alignment: .trailing),
            .init("BY"), .init("KIND"), .init("TEXT"),
        ])
        for text in found {
            table.append([
                "\(text.requestNumber)", RequestOutput.age(text.at, at: now),
                "\(text.author.name)", "\(text.kind.rawValue)", "\(text.snippet)",
            ])
        }
        return table
    }
}

/// Looks for what was said, page by page.
struct TextSearch {
    /// What was found.
    struct Result {
        var found: [FoundText] = []
        var hasMore = false
        var indexedUpTo: UInt64 = 0
        var head: UInt64 = 0
    }

    /// Hits of a page: as many as the server gives.
    private static let pageLimit = 200

    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// The newest texts with all terms of a query, so many at most.
    func find(_ query: String, limit: Int) async throws(DocketClientError) -> Result {
        var result = Result()
        var call = Docket_V1_SearchMessagesCall()
        call.query = query
        repeat {
            call.limit = UInt32(clamping: min(limit - result.found.count, Self.pageLimit))
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await SearchCaller(channel: channel).messages(asked, options: options)
            }
            result.found += reply.hits.map(FoundText.init)
            result.indexedUpTo = reply.indexedUpTo
            result.head = reply.head
            call.page = reply.nextPage
            result.hasMore = !call.page.isEmpty
        } while result.hasMore && result.found.count < limit
        return result
    }
}

extension FoundText {
    /// A hit, as the server tells it.
    init(_ hit: Docket_V1_SearchHit) {
        let kind: Kind =
            switch hit.kind {
            case .message: .message
            case .note: .note
            case .unspecified, .UNRECOGNIZED: .unknown
            }
        self.init(
            offset: hit.offset,
            kind: kind,
            conversationID: ConversationID(bytes: hit.conversationID),
            requestID: RequestID(bytes: hit.requestID),
            requestNumber: hit.requestNumber,
            sequence: hit.sequence,
            snippet: hit.snippet,
            at: Timestamp(millisecondsSinceEpoch: hit.atMilliseconds),
            author: Party(hit.author)
        )
    }
}
