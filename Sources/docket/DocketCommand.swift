internal import ArgumentParser
internal import DocketConsole
internal import DocketTerminal
internal import Glibc

/// The agents' and administrators' tool.
@main
struct DocketCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket",
        abstract: "Answer requests, and manage who does.",
        discussion: """
            docket queue --credentials dev-credentials.json
            docket answer 12 --credentials dev-credentials.json
            docket finish 12 --status solved --login ana --password-file pw --server HOST:PORT

            Exit status: 0 done, 1 refused, 2 usage, 3 not confirmed in time, 4 not signed in,
            5 not found, 69 server unreachable, 74 local file error, 76 protocol mismatch,
            130 interrupted.
            """,
        subcommands: [
            QueueCommand.self, ShowCommand.self, AnswerCommand.self, TakeCommand.self,
            AssignCommand.self, NoteCommand.self, FinishCommand.self, AgentCommand.self,
            KeyCommand.self, SessionsCommand.self,
        ]
    )

    static func main() async {
        Glibc.exit(await run(CommandLine.arguments.dropFirst()).rawValue)
    }

    private static func run(_ arguments: some Collection<String>) async -> ExitStatus {
        do {
            var command = try parseAsRoot(Array(arguments))
            if let action = command as? any DeskAction { return try await action.act() }
            try command.run()
            return .done
        } catch let failure as CommandFailure {
            return report(failure)
        } catch is OutputError {
            // Nobody reads any more, such as `head` when it has enough.
            return .done
        } catch {
            return report(error)
        }
    }

    private static func report(_ failure: CommandFailure) -> ExitStatus {
        let errors = OutputWriter(descriptor: STDERR_FILENO)
        for line in failure.lines(program: "docket") { try? errors.writeLine(line) }
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
