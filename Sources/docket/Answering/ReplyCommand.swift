internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Says one thing to the contact of a request.
struct ReplyCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "reply",
        abstract: "Send one message to the contact of a request.",
        discussion: """
            Without TEXT the message is read from standard input, or is just the files. If
            it was not confirmed, send it again with the --id that is shown: it is stored
            once. For colleagues only: `docket note`.

            A text that starts with a slash is refused, as it looks like a command of
            `docket answer`; // sends a text that starts with a slash.

              docket reply 12 "It is on its way" --credentials FILE
              docket reply 12 "Here it is" --file invoice.pdf --credentials FILE
              cat answer.txt | docket reply 12 --credentials FILE
            """
    )

    /// Files of one message at most (docket/v1/conversations.proto, PostCall.attachment_ids).
    private static let mostFiles = 10

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @OptionGroup var said: TextArgument

    @Option(help: "A file to send along. Repeatable, up to 10.")
    var file: [String] = []

    @Option(help: "The message's id, a UUID of version 7.")
    var id: MessageArgument?

    @Flag(help: "Write the verdict as JSON.")
    var json = false

    func validate() throws {
        guard file.count <= Self.mostFiles else {
            throw ValidationError("--file may be given at most \(Self.mostFiles) times")
        }
        // A file that is sent again is another file, and the message another message.
        guard id == nil || file.isEmpty else {
            throw ValidationError("--id and --file exclude each other")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        for path in file { try LocalFile.check(path) }
        let isFile = said.text == nil && !file.isEmpty
        let text = isFile ? "" : try await TextInput.text(said.text)
        let id = id?.value ?? MessageID()
        let request: SupportRequest
        let receipt: Receipt
        do throws(DocketClientError) {
            request = try await client.requests.survivor(number: number.value)
            receipt = try await post(text, to: request, id, client)
        } catch {
            if json { try OutputWriter.standard.write(Self.line(error, on: id)) }
            throw await failure(error, id, client)
        }
        let output = OutputWriter.standard
        let reach = request.details.isInternal ? " (internal: the contact does not see it)" : ""
        let place = "sent as message \(receipt.sequence) of request \(receipt.requestNumber)"
        try CommandFailure.telling("The message is \(place) but this") {
            try json
                ? output.write(JSONLine(verdictOn: id, .posted(receipt)).text() + "\n")
                : output.writeLine("\(place)\(reach)")
        }
        return .done
    }

    private func post(
        _ text: String,
        to request: SupportRequest,
        _ id: MessageID,
        _ client: DocketClient
    ) async throws(DocketClientError) -> Receipt {
        let conversation = client.conversation(request.conversationID)
        var files: [AttachmentDraft] = []
        for path in file {
            files.append(AttachmentDraft(try .file(path), name: SafeFileName.name(from: path)))
        }
        let outcome = try await conversation.post(
            text,
            continuing: request.id,
            attachments: files,
            id: id
        )
        switch outcome {
        case .posted(let receipt): return receipt
        case .refused(let refusal):
            throw DocketClientError(.refused, refusal.message, refusal: refusal)
        }
    }

    private static func line(_ error: DocketClientError, on id: MessageID) throws -> String {
        let line = error.refusal.map { JSONLine(verdictOn: id, .refused($0)) }
        return try (line ?? JSONLine(noVerdictOn: id, error)).text() + "\n"
    }

    private func failure(
        _ error: DocketClientError,
        _ id: MessageID,
        _ client: DocketClient
    ) async -> CommandFailure {
        if let advice = advice(after: error, id) { return CommandFailure(error, advice: advice) }
        return await RefusalHelp(client).failure(error, about: number.value, after: .other)
    }

    /// How to learn what became of the message; nil where it was not stored.
    func advice(after error: DocketClientError, _ id: MessageID) -> String? {
        let look = "docket show \(number.value)"
        if error.code == .outcomeUnknown {
            let again = "To learn what became of it, send it again with --id \(id)"
            return file.isEmpty ? again : "See whether it is there: \(look)"
        }
        // What was sent before went to another request, if that was merged meanwhile, and so had
        // other bytes.
        guard self.id != nil, error.refusal?.reason == "key_reused" else { return nil }
        return "The message may be stored already. See whether it is there: \(look)"
    }
}
