internal import ArgumentParser
internal import DocketCommandLine
internal import DocketRPC
internal import DocketTerminal
internal import DocketTransport
internal import Glibc

/// The server.
@main
struct Docketd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docketd",
        abstract: "Docket, a request server.",
        discussion: """
            For a first try, with everything in one folder:

              docketd serve --dev --data .docket

            Clients find what they need in .docket/dev-credentials.json.

            Exit status: 0 done, 1 failed, 2 usage, 74 the output cannot be written,
            75 the store failed.
            """,
        subcommands: [
            ServeCommand.self, HealthCommand.self, StatsCommand.self, BackupCommand.self,
            RestoreCommand.self, CheckCommand.self,
        ]
    )

    static func main() async {
        // Before anything that takes time: a signal may come as soon as the process is there.
        if CommandLine.arguments.dropFirst().first == ServeCommand.configuration.commandName {
            StartSignals.hold()
        }
        let status = await CommandRun(of: "docketd").run(Docketd.self)
        await ClientConnection.settle()
        Glibc.exit(status.rawValue)
    }
}

/// A subcommand of the server's program.
protocol ServerAction: CommandAction {
    /// Does what the command is for.
    func perform() async throws -> ExitStatus
}

extension ServerAction {
    /// Does it, and puts whatever fails into words: a failure of the server or of its settings is
    /// none of a local file, by which scripts would tell it from a full disk.
    func act() async throws -> ExitStatus {
        do {
            return try await perform()
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as OutputError {
            throw error
        } catch {
            throw CommandFailure(ErrorText.words(for: error), status: .refused)
        }
    }
}
