internal import ArgumentParser

/// The server.
@main
struct Docketd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docketd",
        abstract: "Docket, a request server.",
        discussion: """
            `docketd serve --dev --data DIR` makes everything that a first try needs, and writes
            what clients need to DIR/dev-credentials.json.
            """,
        subcommands: [
            ServeCommand.self, HealthCommand.self, StatsCommand.self, BackupCommand.self,
            RestoreCommand.self, CheckCommand.self,
        ]
    )
}
