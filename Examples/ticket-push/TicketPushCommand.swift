internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Glibc

/// Pushes a partner's tickets to a desk.
@main
struct TicketPushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-ticket-push",
        abstract: "Push tickets from a file to a company that answers through Docket.",
        discussion: """
            A row of CSV or a line of JSON is a ticket. Each has a key of yours, under which
            it is opened once, however often it is pushed.

              docket-ticket-push login --server desk.example:7443 --key-file key
              docket-ticket-push push sample.csv --key-file key
              docket-ticket-push status --open --key-file key

            Exit status: 0 done, 1 refused, 2 usage, 3 not confirmed in time, 4 not
            signed in, 5 not found, 6 some rows were refused, 69 server unreachable, 74
            local file error, 75 the file was still being written, 76 protocol mismatch,
            130 interrupted.
            """,
        subcommands: [PushCommand.self, StatusCommand.self, LoginCommand.self]
    )

    static func main() async {
        let status = await CommandRun(of: "docket-ticket-push").run(TicketPushCommand.self)
        await DocketClient.settle()
        Glibc.exit(status.rawValue)
    }
}
