internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Manages agents.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Create agents, lock them out and set their passwords.",
        discussion: """
              docket agent create bob --name Bob --new-password-file pw --credentials FILE
              docket agent lock bob --credentials FILE
              docket agent password bob --new-password-file pw --credentials FILE

            An agent is named by login, by name where it is the only one, or by id.
            To change your own password: docket password --help
            """,
        subcommands: [
            AgentListCommand.self, AgentCreateCommand.self, AgentLockCommand.self,
            AgentUnlockCommand.self, AgentPasswordCommand.self,
        ]
    )
}

/// Lists the agents.
struct AgentListCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the agents.",
        discussion: """
            Agents see the logins and names of those who can sign in. Supervisors and
            administrators also see roles, and who is locked out.
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let agents = try await AgentNames(client).known()
        let output = OutputWriter.standard
        guard !json else {
            for agent in agents {
                let line = JSONLine(
                    agent: agent.party,
                    login: agent.login,
                    role: agent.role,
                    isLocked: agent.isLocked
                )
                try output.write(line.text() + "\n")
            }
            return .done
        }
        var table = TextTable(columns: [
            .init("LOGIN", isWhole: true, importance: .key), .init("NAME"),
            .init("ROLE", importance: .useful), .init("STATE", importance: .useful),
            .init("ID", isWhole: true, importance: .detail),
        ])
        for agent in agents {
            table.append([
                "\(agent.login)", "\(agent.name)", "\(agent.role?.rawValue ?? "")",
                "\(agent.isLocked ? "locked" : "")", "\(agent.id.description)",
            ])
        }
        try RequestOutput.show(table)
        return .done
    }
}

/// Creates an agent.
struct AgentCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an agent."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The login.")
    var newLogin: String

    @Option(help: "The name that customers see.")
    var name: String

    @Option(help: "A file whose first line is the first password; '-' is standard input.")
    var newPasswordFile: String

    @Option(help: "agent, supervisor or administrator.")
    var role = RoleArgument.agent

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let password = try await PasswordFile.read(newPasswordFile)
        let agent = try await client.administration.createAgent(
            login: newLogin,
            name: name,
            password: password,
            role: role.role
        )
        if json {
            let line = JSONLine(agent: agent, login: newLogin, role: role.role)
            try OutputWriter.standard.write(line.text() + "\n")
        } else {
            try OutputWriter.standard.writeLine("\(agent.name) can sign in as \(newLogin)")
        }
        return .done
    }
}

/// A role, as it is written on a command line.
enum RoleArgument: String, ExpressibleByArgument, CaseIterable {
    case agent
    case supervisor
    case administrator

    /// What it is to the desk.
    var role: AgentRole {
        switch self {
        case .agent: .agent
        case .supervisor: .supervisor
        case .administrator: .administrator
        }
    }
}
