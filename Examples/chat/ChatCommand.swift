internal import ArgumentParser
internal import DocketConsole
internal import DocketTerminal
internal import Glibc

/// A customer's chat client.
@main
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-chat",
        abstract: "Chat with a company that answers through Docket.",
        discussion: """
            With a terminal it shows a prompt; /help lists what it knows. Without one, or with
            --plain, each line of standard input is a message:

              docket-chat --credentials dev-credentials.json --name Ana
              echo "It prints blank pages" | docket-chat --plain --server desk.example:7400
              docket-chat tail --json --since CURSOR

            Exit status: 0 done, 1 refused, 2 usage, 3 not confirmed in time, 4 not signed in,
            5 not found, 69 server unreachable, 74 local file error, 76 protocol mismatch,
            130 interrupted.
            """,
        subcommands: [TalkCommand.self, SendCommand.self, TailCommand.self],
        defaultSubcommand: TalkCommand.self
    )

    static func main() async {
        Glibc.exit(await run(CommandLine.arguments.dropFirst()).rawValue)
    }

    private static func run(_ arguments: some Collection<String>) async -> ExitStatus {
        do {
            var command = try parseAsRoot(Array(arguments))
            if var command = command as? any ChatAction { return try await command.act() }
            try command.run()
            return .done
        } catch let failure as CommandFailure {
            return report(failure)
        } catch {
            return report(error)
        }
    }

    private static func report(_ failure: CommandFailure) -> ExitStatus {
        let errors = OutputWriter(descriptor: STDERR_FILENO)
        for line in failure.lines(program: "docket-chat") { try? errors.writeLine(line) }
        return failure.status
    }

    /// Help goes to standard output and is a success; mistakes go to standard error.
    private static func report(_ error: any Error) -> ExitStatus {
        let isHelp = exitCode(for: error) == .success
        let output = OutputWriter(descriptor: isHelp ? STDOUT_FILENO : STDERR_FILENO)
        try? output.write(fullMessage(for: error) + "\n")
        return isHelp ? .done : .usage
    }
}

/// A subcommand, which ends with a status.
protocol ChatAction {
    /// Does what the command is for.
    mutating func act() async throws -> ExitStatus
}
