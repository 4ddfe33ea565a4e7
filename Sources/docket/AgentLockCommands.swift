internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Locks an agent out.
struct AgentLockCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Lock an agent out, for instance one who leaves.",
        discussion: """
            The agent's sessions end within five seconds, and it cannot sign in again
            until it is unlocked. Its name stays in the history. Open requests stay
            assigned to it; the command says how many there are and how to hand them
            over. The last administrator who can sign in cannot be locked.
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The agent's login, name or id.")
    var agent: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let named = try await AgentNames(client).named(agent)
        let ended: Int
        do throws(DocketClientError) {
            ended = try await client.administration.lock(named.id)
        } catch {
            throw CommandFailure(error, after: .lock(named.login))
        }
        let output = OutputWriter.standard
        guard !json else {
            try output.write(JSONLine(endedSessions: ended).text() + "\n")
            return .done
        }
        try output.writeLine("\(named.text) is locked out. Sessions ended: \(ended)")
        var selection = RequestSelection()
        selection.assignee = named.id
        let assigned = selection
        let lines = await Self.whatStays(with: named) { () async throws(DocketClientError) in
            try await client.requests.list(assigned, atMost: Self.countedRequests)
        }
        for line in lines { try output.writeLine(line) }
        return .done
    }

    /// What is said of the requests that an agent has who is locked out.
    ///
    /// The lock holds even where they cannot be looked up.
    static func whatStays(
        with agent: Agent,
        _ assigned: () async throws(DocketClientError) -> Listing<SupportRequest>
    ) async -> [TerminalText] {
        let list: TerminalText = "List them:       docket queue --assignee \(agent.login)"
        let hand: TerminalText = "Hand each over:  docket assign NUMBER --to LOGIN"
        do throws(DocketClientError) {
            let found = try await assigned()
            guard !found.items.isEmpty else { return [] }
            let count = "\(found.items.count)" + (found.isWhole ? "" : " or more")
            return ["Open requests still assigned to \(agent.name): \(count)", list, hand]
        } catch {
            let failed: TerminalText = "Its open requests could not be counted: \(error.message)"
            return [failed, list, hand]
        }
    }

    /// Open requests that are counted: beyond it the exact number helps nobody.
    private static let countedRequests = 200
}

/// Lets a locked agent sign in again.
struct AgentUnlockCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Let a locked agent sign in again, with the password it had."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The agent's login, name or id.")
    var agent: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let named = try await AgentNames(client).named(agent)
        do throws(DocketClientError) {
            try await client.administration.unlock(named.id)
        } catch {
            throw CommandFailure(error, after: .unlock(named.login))
        }
        try OutputWriter.standard.writeLine("\(named.text) can sign in again")
        return .done
    }
}

/// Sets an agent's password.
struct AgentPasswordCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Set an agent's password, for instance a forgotten one.",
        discussion: """
            A password has 8 to 1,024 bytes. The agent's sessions end within five
            seconds. To change your own password: docket password --help
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The agent's login, name or id.")
    var agent: String

    @Option(help: "A file whose first line is the new password; '-' is standard input.")
    var newPasswordFile: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let password = try await PasswordFile.read(newPasswordFile)
        let named = try await AgentNames(client).named(agent)
        let ended = try await client.administration.setPassword(password, of: named.id)
        guard !json else {
            let line = JSONLine(endedSessions: ended)
            try OutputWriter.standard.write(line.text() + "\n")
            return .done
        }
        try OutputWriter.standard.writeLine(
            "\(named.text) has a new password. Sessions ended: \(ended)"
        )
        return .done
    }
}
