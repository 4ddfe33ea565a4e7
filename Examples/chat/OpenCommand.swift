internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Opens a request on purpose, with what a form asks for.
struct OpenCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a request with the fields of a form.",
        discussion: """
            Without TEXT the description is everything on standard input. What the company
            asks for and is missing is named all at once. A request that was not confirmed
            is opened again with the same --id: it is opened once.

              docket-chat open "Lamp 3 is out" --channel portal
              docket-chat open "No paper" --field store=12
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The description, which becomes the first message.")
    var text: String?

    @Option(help: "The title. Some channels want it.")
    var title: String?

    @Option(help: "The key of the topic.")
    var topic: String?

    @Option(help: "The key of the type.")
    var type: String?

    @Option(help: "The key of the priority.")
    var priority: String?

    @Option(help: "A field of the form, as KEY=VALUE. May be given several times.")
    var field: [String] = []

    @Option(help: "The request's id, a UUID of version 7.")
    var id: String?

    @Flag(help: "Write the request as JSON, described in Documentation/ChatJSON.md.")
    var json = false

    func validate() throws {
        guard id.map({ RequestID($0) != nil }) ?? true else {
            throw ValidationError("--id takes a UUID")
        }
        for text in field {
            guard let field = FieldText(text), !field.value.isEmpty else {
                throw ValidationError("--field takes KEY=VALUE, not '\(text)'")
            }
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection) { customer in
            let draft = try await draft()
            let id = self.id.flatMap { RequestID($0) } ?? RequestID()
            // The conversation comes first: with it the customer is remembered.
            _ = try await customer.openConversation(within: DocketClient.defaultLimit)
            let request: SupportRequest
            do throws(DocketClientError) {
                request = try await customer.client.requests.create(draft, id: id)
            } catch {
                guard error.code == .outcomeUnknown else { throw customer.failure(error) }
                throw CommandFailure(
                    error,
                    advice: "To learn what became of it, open it again with --id \(id)"
                )
            }
            let output = OutputWriter.standard
            guard !json else {
                try output.write(JSONLine(request).text() + "\n")
                return .done
            }
            try output.writeLine("opened as request \(request.number)")
            return .done
        }
    }

    private func draft() async throws -> RequestDraft {
        var draft = RequestDraft(
            channel: connection.channel,
            text: try await MessageText.given(text)
        )
        draft.title = title
        draft.topic = topic
        draft.type = type
        draft.priority = priority
        for field in field.compactMap(FieldText.init) {
            draft.fields[field.key] = .text(field.value)
        }
        return draft
    }
}

/// What a command says: its argument, or everything on standard input.
enum MessageText {
    static func given(_ argument: String?) async throws -> String {
        if let argument { return argument }
        return try await StandardInput().rest()
    }
}
