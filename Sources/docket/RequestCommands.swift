internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Makes the caller a request's assignee.
struct TakeCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Take a request that nobody has."
    )

    @OptionGroup var target: RequestTarget

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
        abstract: "Write a note that no contact ever sees."
    )

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @Argument(help: "The note.")
    var text: String

    @Flag(help: "Write a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: number.value)
        let id = NoteID()
        let offset = try await client.requests.note(text, on: request.id, id: id)
        guard !json else {
            try OutputWriter.standard.write(JSONLine(note: id, at: offset).text() + "\n")
            return .done
        }
        try OutputWriter.standard.writeLine("noted on request \(request.number)")
        return .done
    }
}

/// Leaves a request in a status.
struct FinishCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "finish",
        abstract: "End the live chat and leave the request in a status."
    )

    @OptionGroup var target: RequestTarget
    @OptionGroup var seen: SeenVersion

    @Option(help: "The key of a status; the policy's default if it is left out.")
    var status: String?

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.finish(request.id, status: status, expecting: seen.number)
    }
}
