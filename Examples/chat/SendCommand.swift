internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Posts one message and ends with its verdict.
struct SendCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message and wait until it is stored.",
        discussion: """
            Without TEXT the message is read from standard input. If a message was not
            confirmed, send it again with the --id that is shown: it is stored once.
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var said: TextArgument

    @Option(help: "The request's title, if the message opens one. Some channels require it.")
    var title: String?

    @Option(
        help: """
            The number of your request that it continues, of whichever age. One that is over \
            for good is followed by a new one, linked to it. Without it: the newest.
            """
    )
    var request: UInt64?

    @Option(help: "The message's id, a UUID of version 7.")
    var id: String?

    @Option(help: "Seconds to wait for confirmation.")
    var timeout = 60

    @Flag(help: "Write the verdict as JSON.")
    var json = false

    func validate() throws {
        guard id.map({ MessageID($0) != nil }) ?? true else {
            throw ValidationError("--id takes a UUID")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        let customer =
            try await request == nil ? Customer(connection) : Customer(known: connection)
        defer { customer.client.close() }
        let text = try await MessageText.given(said.text)
        let id = self.id.flatMap { MessageID($0) } ?? MessageID()
        let limit = Duration.seconds(timeout)
        let (conversation, continued) = try await place(of: customer, within: limit)
        let outcome: PostOutcome
        do throws(DocketClientError) {
            outcome = try await conversation.post(
                text,
                continuing: continued,
                title: title,
                id: id,
                within: limit
            )
        } catch {
            if json { try OutputWriter.standard.write(line(JSONLine(noVerdictOn: id, error))) }
            throw CommandFailure(
                error,
                advice: "To learn what became of it, send it again with --id \(id)"
            )
        }
        return try tell(outcome, on: id)
    }

    /// Where the message goes.
    private func place(
        of customer: Customer,
        within limit: Duration
    ) async throws(CommandFailure) -> (Conversation, RequestID?) {
        guard let request else {
            return (try await customer.openConversation(within: limit), nil)
        }
        let (conversation, id) = try await customer.conversation(ofRequest: request)
        return (conversation, id)
    }

    private func tell(_ outcome: PostOutcome, on id: MessageID) throws -> ExitStatus {
        let output = OutputWriter.standard
        switch outcome {
        case .posted(let receipt):
            let place = "stored as message \(receipt.sequence) of request \(receipt.requestNumber)"
            try CommandFailure.telling("The message is \(place) but this") {
                try json
                    ? output.write(line(JSONLine(verdictOn: id, outcome)))
                    : output.writeLine("\(place)")
            }
            return .done
        case .refused(let refusal):
            if json { try output.write(line(JSONLine(verdictOn: id, outcome))) }
            throw CommandFailure(
                "refused (\(refusal.reason)): \(refusal.message)",
                advice: refusal.adviceForCustomer ?? "",
                status: .refused
            )
        }
    }

    private func line(_ line: JSONLine) throws -> String {
        try line.text() + "\n"
    }
}
