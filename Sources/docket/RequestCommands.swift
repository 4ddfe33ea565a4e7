internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Makes the caller a request's assignee.
struct TakeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Take a request that nobody has."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The request's number.")
    var number: RequestNumber

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: number.value)
        try output.tell(try await client.requests.take(request.id))
        return .done
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

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: number.value)
        try await client.requests.note(text, on: request.id)
        try OutputWriter.standard.writeLine("noted on request \(request.number)")
        return .done
    }
}

/// Leaves a request in a status.
struct FinishCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "finish",
        abstract: "End the live chat and leave the request in a status."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The request's number.")
    var number: RequestNumber

    @Option(help: "The key of a status; the policy's default if it is left out.")
    var status: String?

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: number.value)
        try output.tell(try await RequestWork(client, request.id).finish(status: status))
        return .done
    }
}

/// What an agent does with one request, with errors that say what else could be done.
struct RequestWork: Sendable {
    private let client: DocketClient
    private let id: RequestID

    init(_ client: DocketClient, _ id: RequestID) {
        self.client = client
        self.id = id
    }

    /// Leaves the request in a status; one that is not allowed is answered with those that are.
    func finish(status: String?) async throws(CommandFailure) -> SupportRequest {
        do throws(DocketClientError) {
            return try await client.requests.finish(id, status: status)
        } catch {
            guard let refusal = error.refusal, refusal.reason == "invalid_transition",
                !refusal.particulars.isEmpty
            else { throw CommandFailure(error) }
            throw CommandFailure(
                error,
                advice: "It can be left in: \(refusal.particulars)"
            )
        }
    }

    /// Takes the request.
    func take() async throws(CommandFailure) -> SupportRequest {
        do throws(DocketClientError) {
            return try await client.requests.take(id)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Writes a note.
    func note(_ text: String) async throws(CommandFailure) {
        do throws(DocketClientError) {
            try await client.requests.note(text, on: id)
        } catch {
            throw CommandFailure(error)
        }
    }
}
