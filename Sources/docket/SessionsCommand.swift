internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Manages sessions.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Sign people out.",
        subcommands: [SessionsRevokeCommand.self]
    )
}

/// Ends every session of somebody.
struct SessionsRevokeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Sign an agent, a contact or an integration out everywhere.",
        discussion: """
            They can sign in again. To keep an agent out: docket agent lock --help
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "An agent's login or name, or anybody's id.")
    var who: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let id = try await AgentNames(client).id(of: who)
        let ended = try await client.administration.revokeSessions(of: id)
        let output = OutputWriter.standard
        if json {
            try output.write(JSONLine(endedSessions: ended).text() + "\n")
        } else {
            try output.writeLine("Sessions ended: \(ended)")
        }
        return .done
    }
}
