internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// A subcommand that signs in, does something and ends.
protocol ConnectedAction: CommandAction {
    /// Where and as whom.
    var signIn: SignInOptions { get }
    /// The account of a credentials file that the command usually needs.
    static var usualAccount: DeskOptions.Account { get }
    /// Does it.
    func act(with client: DocketClient) async throws -> ExitStatus
}

extension ConnectedAction {
    static var usualAccount: DeskOptions.Account { .agent }

    func act() async throws -> ExitStatus {
        let client = try await signIn.connect(as: Self.usualAccount)
        defer { client.close() }
        do {
            return try await act(with: client)
        } catch let error as DocketClientError {
            throw CommandFailure(error)
        }
    }
}

/// The number by which people call a request, with or without a number sign.
struct RequestNumber: ExpressibleByArgument {
    let value: UInt64

    init?(argument: String) {
        let digits = argument.hasPrefix("#") ? argument.dropFirst() : argument[...]
        guard let value = UInt64(digits) else { return nil }
        self.value = value
    }
}
