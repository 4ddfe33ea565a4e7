internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Shows a request and what was said.
struct ShowCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a request and its conversation."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @Option(help: "How many of the newest events to show.")
    var limit = 50

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: number.value)
        try output.show([request], at: .now)
        guard !output.json else { return .done }
        let page = try await client.conversation(request.conversationID)
            .history(.newest, limit: limit)
        let isTerminal = Terminal.isTerminal(1)
        var view = ConversationView(for: .agent, look: isTerminal ? .rich : .plain)
        view.opened(as: client.identity?.party.id, request: request)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        for paragraph in view.showHistory(page) {
            let rows = width.map { paragraph.rows(columns: $0) } ?? paragraph.unwrappedRows
            for row in rows { try OutputWriter.standard.writeLine(row, styled: isTerminal) }
        }
        return .done
    }
}
