internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Makes the caller the assignee of requests.
struct TakeCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Take requests that are not assigned to anybody.",
        discussion: "  docket take 12 13 14 --credentials FILE"
    )

    @OptionGroup var targets: RequestTargets

    var signIn: SignInOptions { targets.signIn }
    var output: RequestOutput { targets.output }
    var numbers: [RequestNumber] { targets.numbers }

    func validate() throws { try validate(numbers) }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.take(request.id)
    }
}

/// Adds an internal comment.
struct NoteCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Write a note about a request. The contact never sees it.",
        discussion: """
            Without TEXT the note is read from standard input. A note that starts with a
            slash is refused; // writes one that does.

              docket note 12 "Called back, no answer" --credentials FILE
            """
    )

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @OptionGroup var said: TextArgument

    @Flag(help: "Write a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let text = try await TextInput.text(said.text)
        let id = NoteID()
        let offset: UInt64
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await client.requests.numbered(number.value)
            offset = try await client.requests.note(text, on: request.id, id: id)
        } catch {
            throw await RefusalHelp(client).failure(error, about: number.value, after: .other)
        }
        guard !json else {
            try OutputWriter.standard.write(JSONLine(note: id, at: offset).text() + "\n")
            return .done
        }
        try OutputWriter.standard.writeLine("note added to request \(request.number)")
        return .done
    }
}

/// Leaves requests in a status.
struct FinishCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "finish",
        abstract: "End live chats and leave the requests in a status.",
        discussion: """
            Options such as --topic and --field fill in what the policy asks for first. If
            the request cannot be finished after that, they stay filled in.

              docket finish 12 13 --status resolved --credentials FILE
              docket finish 12 --topic hardware --field serial=A-1 --credentials FILE
            """
    )

    @OptionGroup var targets: RequestTargets
    @OptionGroup var seen: SeenVersion
    @OptionGroup var details: DetailOptions

    @Option(help: "The key of the status. Default: the one that the policy names.")
    var status: String?

    var signIn: SignInOptions { targets.signIn }
    var output: RequestOutput { targets.output }
    var numbers: [RequestNumber] { targets.numbers }
    var typed: MissingFields.Command { .finish(status: status) }

    func validate() throws { try validate(numbers, seen: seen) }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        let version = try await details.fill(request, expecting: seen.number, with: client)
        return try await client.requests.finish(request.id, status: status, expecting: version)
    }
}
