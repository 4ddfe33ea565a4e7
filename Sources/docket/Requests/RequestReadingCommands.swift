internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Lists the messages that belong to a request now.
struct RequestMessagesCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "List the messages of a request with their ids.",
        discussion: """
            For the next page, pass the last PLACE that was shown to --after.

              docket request messages 12 --credentials FILE
              docket request messages 12 --after 50 --limit 200 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "Only messages after this place.")
    var after: UInt64 = 0

    @Option(help: "How many at most.")
    var limit = 50

    var signIn: SignInOptions { target.signIn }

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.numbered(target.number.value)
        let page = try await client.requests.messages(of: request.id, after: after, limit: limit)
        let output = OutputWriter.standard
        guard !target.output.json else {
            for message in page.messages {
                let line = JSONLine(entry: message.event, sequence: message.sequence)
                try output.write(line.text() + "\n")
            }
            return .done
        }
        try RequestOutput.show(Self.table(of: page.messages))
        if page.hasMore, let last = page.messages.last?.sequence {
            try OutputWriter.standardError.writeLine(
                "more: docket request messages \(request.number) --after \(last)"
            )
        }
        return .done
    }

    static func table(of messages: [RequestMessage]) -> TextTable {
        var table = TextTable(columns: [
            .init("PLACE", alignment: .trailing),
            .init("SAID", isWhole: true, importance: .detail), .init("BY", importance: .useful),
            .init("ID", isWhole: true, importance: .key), .init("TEXT"),
        ])
        for message in messages {
            guard case .messagePosted(let said) = message.event.fact else { continue }
            table.append([
                "\(message.sequence)", "\(LocalCalendar.current.stamp(of: message.event.at))",
                "\(message.event.actor?.name ?? "")", "\("\(said.id)")", "\(said.text)",
            ])
        }
        return table
    }
}

/// Shows the requests before and after one.
struct RequestChainCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "List the requests before and after one in its conversation.",
        discussion: "  docket request chain 12 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    var signIn: SignInOptions { target.signIn }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.numbered(target.number.value)
        let neighbours = try await client.requests.chain(of: request.id)
        guard !target.output.json else {
            try OutputWriter.standard.write(JSONLine(neighbours).text() + "\n")
            return .done
        }
        let requests = [neighbours.previous, request, neighbours.next].compactMap { $0 }
        try target.output.show(requests, at: .now)
        return .done
    }
}
