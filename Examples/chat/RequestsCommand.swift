internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Lists what the person asked for, wherever it was written.
struct RequestsCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "List your requests on all channels, the newest first.",
        discussion: """
              docket-chat requests
              docket-chat requests 12
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The number of a request. Default: all that are not closed.")
    var number: UInt64?

    @Flag(help: "Include closed requests.")
    var all = false

    @Option(help: "How many at most, up to 200.")
    var limit = 50

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200") }
        guard number == nil || !all else {
            throw ValidationError("--all and a number exclude each other")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            if !json, number == nil, await customer.isAway {
                try await showKnown(of: customer)
                return .done
            }
            let found: [SupportRequest]
            do throws(DocketClientError) {
                found = try await requests(of: customer.client)
            } catch {
                throw customer.failure(error)
            }
            try show(found)
            return .done
        }
    }

    private func requests(
        of client: DocketClient
    ) async throws(DocketClientError) -> [SupportRequest] {
        if let number { return [try await client.requests.numbered(number)] }
        var selection = RequestSelection()
        selection.newestFirst = true
        if all { selection.categories = [.new, .open, .waiting, .resolved, .closed] }
        var found: [SupportRequest] = []
        var page: PageToken?
        repeat {
            let next = try await client.requests.list(
                selection,
                limit: limit - found.count,
                page: page
            )
            found += next.items
            page = next.next
        } while page != nil && found.count < limit
        return found
    }

    /// Shows what this machine knows: the newest request on each channel.
    private func showKnown(of customer: Customer) async throws {
        var views = customer.client.conversations().makeAsyncIterator()
        let known = try await views.next() ?? []
        try OutputWriter.standardError.writeLine(
            "\("\(customer.server)") is away. The newest request of each channel, as last known:"
        )
        var table = TextTable(columns: Self.columns)
        var count = 0
        for conversation in known {
            guard let request = conversation.newestRequest, all || request.category != .closed
            else { continue }
            count += 1
            table.append([
                "\(request.number)",
                "\(request.statusName.isEmpty ? request.status : request.statusName)",
                "\(conversation.channel)", "\(request.assignee?.name ?? "-")", "\(request.title)",
            ])
        }
        guard count > 0 else { return try OutputWriter.standard.writeLine(noRequests) }
        try write(table)
    }

    private func show(_ requests: [SupportRequest]) throws {
        let output = OutputWriter.standard
        guard !json else {
            for request in requests { try output.write(JSONLine(request).text() + "\n") }
            return
        }
        guard !requests.isEmpty else { return try output.writeLine(noRequests) }
        try write(Self.table(of: requests))
    }

    private func write(_ table: TextTable) throws {
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        for line in table.lines(width: width) {
            try OutputWriter.standard.writeLine(line, styled: isTerminal)
        }
    }

    /// What is said where there is nothing to list.
    var noRequests: TerminalText {
        all ? "No requests." : "No open requests. All of them: --all"
    }

    private static let columns: [TextTable.Column] = [
        .init("NUMBER", alignment: .trailing, importance: .key), .init("STATUS"),
        .init("CHANNEL", importance: .detail), .init("AGENT", importance: .useful),
        .init("ABOUT"),
    ]

    private static func table(of requests: [SupportRequest]) -> TextTable {
        var table = TextTable(columns: columns)
        for request in requests {
            table.append([
                "\(request.number)", "\(request.statusName)", "\(request.channel)",
                "\(request.assignee?.name ?? "-")", "\(request.title)",
            ])
        }
        return table
    }
}
