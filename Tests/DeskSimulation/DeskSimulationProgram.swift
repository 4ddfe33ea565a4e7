import ArgumentParser

/// Runs a desk through random commands, with faults of its machine, and says what of what it
/// promises does not hold.
@main
struct DeskSimulationProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-desk-simulation",
        abstract: "Runs the desk through random commands, kills and faults of its machine.",
        subcommands: [SeedsCommand.self, KillsCommand.self, LiveCommand.self],
        defaultSubcommand: SeedsCommand.self
    )
}
