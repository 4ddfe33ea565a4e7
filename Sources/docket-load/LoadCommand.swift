internal import ArgumentParser
internal import DocketCommandLine
internal import Glibc

/// The load generator.
@main
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-load",
        abstract: "Put a Docket server under load and measure it.",
        discussion: """
            Every load is bounded in time and ends by itself. Errors are counted, never
            hidden. The load runs on one thread; a server on the same machine shares its
            processors, so compare the server's processor time for each call before you
            compare rates.
            """,
        subcommands: [
            EchoCommand.self, ConnectCommand.self, IdleCommand.self, PostCommand.self,
            FanoutCommand.self, QueryCommand.self, OutboxCommand.self, CatchUpCommand.self,
            TicketsCommand.self,
        ]
    )

    static func main() async {
        let status = await CommandRun(of: "docket-load").run(LoadCommand.self)
        Glibc.exit(status.rawValue)
    }
}
