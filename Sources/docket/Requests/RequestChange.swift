internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

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
        help: "The version that you saw; the change is refused when there is a later one."
    )
    var number: UInt64?
}

/// A subcommand that changes one request and tells what became of it.
protocol RequestChange: ConnectedAction {
    /// Which request.
    var target: RequestTarget { get }
    /// Changes it.
    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest
}

extension RequestChange {
    var signIn: SignInOptions { target.signIn }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await client.requests.get(number: target.number.value)
        try target.output.tell(try await change(request, with: client))
        return .done
    }
}
