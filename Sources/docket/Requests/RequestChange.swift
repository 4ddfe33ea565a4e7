internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Where a request is, who works, and how it is told.
struct RequestTarget: ParsableArguments {
    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The request's number.")
    var number: RequestNumber
}

/// The version at which somebody saw a request that is to be changed.
struct SeenVersion: ParsableArguments {
    @Option(
        name: .customLong("version"),
        help: "The version that you saw; refuse the change if there is a newer one."
    )
    var number: UInt64?
}

/// A subcommand that changes one request and tells what became of it.
protocol RequestChange: AsyncParsableCommand, ConnectedAction {
    /// Which request.
    var target: RequestTarget { get }
    /// What was typed, for the advice after a refusal.
    var typed: MissingFields.Command { get }
    /// What was typed, for the words of a refusal; it may have to look something up.
    func words(with client: DocketClient) async -> RefusalWords.Typed
    /// What has happened, in a sentence; nil where the request's state tells it.
    func success(_ before: SupportRequest, _ after: SupportRequest) -> TerminalText?
    /// Changes it.
    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest
}

extension RequestChange {
    var signIn: SignInOptions { target.signIn }
    var typed: MissingFields.Command { .other }
    func words(with client: DocketClient) async -> RefusalWords.Typed { .other }
    func success(_ before: SupportRequest, _ after: SupportRequest) -> TerminalText? { nil }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let number = target.number.value
        do {
            let request = try await client.requests.numbered(number)
            let changed = try await change(request, with: client)
            try target.output.tell(changed, saying: success(request, changed))
        } catch let error as DocketClientError {
            throw await RefusalHelp(client).failure(
                error,
                about: number,
                after: typed,
                typed: words(with: client)
            )
        }
        return .done
    }
}
