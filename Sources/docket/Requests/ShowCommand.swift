internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Shows a request and what was said.
struct ShowCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a request, its messages and its notes.",
        discussion: """
            Of a request that you have this is your look, which may move it on; with --json
            it is not.

              docket show 12 --credentials dev-credentials.json
              docket show 12 --previous --credentials dev-credentials.json
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "How many messages to show, the newest ones.")
    var limit = 50

    @Flag(help: "Also show the whole request before it in the conversation.")
    var previous = false

    var signIn: SignInOptions { target.signIn }

    /// How many other requests of the contact a card shows: what a person takes in at a glance.
    private static let otherRequests = 5

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit takes 1 to 10000")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        var request = try await client.requests.numbered(target.number.value)
        // A person has looked at what is shown; a program that reads it has not.
        if !target.output.json { request = try await client.look(at: request) }
        let neighbours = try await client.requests.chain(of: request.id)
        let content = RequestContent(client)
        if previous, let earlier = neighbours.previous {
            let entries = try await content.entries(of: earlier, limit: nil)
            try show(earlier, entries, reader: client.identity) { $0.paragraphs(of: earlier) }
        }
        let entries = try await content.entries(of: request, limit: UInt64(limit))
        let asker = try await asker(of: request, client, besides: neighbours)
        try show(request, entries, reader: client.identity) { card in
            card.paragraphs(of: request, between: neighbours, by: asker)
        }
        return .done
    }

    /// What a card tells of the contact; nothing where no card is shown.
    private func asker(
        of request: SupportRequest,
        _ client: DocketClient,
        besides neighbours: RequestNeighbours
    ) async throws(DocketClientError) -> RequestCard.Asker {
        guard !target.output.json, let id = request.contact?.id else { return RequestCard.Asker() }
        let contact = try await client.contacts.get(id)
        var selection = RequestSelection()
        selection.contact = id
        selection.newestFirst = true
        let shown = [request.id, neighbours.previous?.id, neighbours.next?.id].compactMap { $0 }
        let found = try await client.requests.list(
            selection,
            atMost: Self.otherRequests + shown.count
        ).items.filter { !shown.contains($0.id) }
        return RequestCard.Asker(
            company: contact.companyName,
            isBlocked: contact.isBlocked,
            requests: Array(found.prefix(Self.otherRequests))
        )
    }

    private func show(
        _ request: SupportRequest,
        _ entries: [RequestContent.Entry],
        reader: Identity?,
        describe: (RequestCard) -> [Paragraph]
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
        var paragraphs = describe(RequestCard())
        for entry in entries { paragraphs += transcript.lines(for: entry.event) }
        try RequestOutput.show(paragraphs)
    }
}
