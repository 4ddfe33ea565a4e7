internal import ArgumentParser

/// The server.
@main
struct Docketd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docketd",
        abstract: "Docket, a request server.",
        discussion: """
            For a first try, with everything that it needs in one folder:

              docketd serve --dev --data .docket

            It writes what clients need to .docket/dev-credentials.json.
            """,
        subcommands: [
            ServeCommand.self, HealthCommand.self, StatsCommand.self, BackupCommand.self,
            RestoreCommand.self, CheckCommand.self,
        ]
    )
}
