internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Shows a request and what was said.
struct ShowCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a request, its messages and its notes.",
        discussion: """
            With --previous the whole request before it in the conversation stands above.

              docket show 12 --credentials dev-credentials.json
              docket request show 12 --previous --credentials dev-credentials.json
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "How many of the newest messages to show.")
    var limit = 50

    @Flag(help: "Show the request before it too.")
    var previous = false

    var signIn: SignInOptions { target.signIn }

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit takes 1 to 10000")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: target.number.value)
        let neighbours = try await client.requests.chain(of: request.id)
        let content = RequestContent(client)
        if previous, let earlier = neighbours.previous {
            let entries = try await content.entries(of: earlier, limit: nil)
            try show(earlier, nil, entries, reader: client.identity)
        }
        let entries = try await content.entries(of: request, limit: UInt64(limit))
        try show(request, neighbours, entries, reader: client.identity)
        return .done
    }

    private func show(
        _ request: SupportRequest,
        _ neighbours: RequestNeighbours?,
        _ entries: [RequestContent.Entry],
        reader: Identity?
    ) throws {
        guard !target.output.json else {
            let output = OutputWriter.standard
            try output.write(JSONLine(request).text() + "\n")
            for entry in entries {
                let line = JSONLine(entry: entry.event, sequence: entry.sequence)
                try output.write(line.text() + "\n")
            }
            return
        }
        var transcript = Transcript(for: .agent, look: Terminal.isTerminal(1) ? .rich : .plain)
        transcript.reader = reader?.party.id
        var paragraphs = RequestCard().paragraphs(of: request, between: neighbours)
        for entry in entries { paragraphs += transcript.lines(for: entry.event) }
        try RequestOutput.show(paragraphs)
    }
}
