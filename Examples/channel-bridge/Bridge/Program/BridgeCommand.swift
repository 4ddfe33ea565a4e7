internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Glibc

/// The mail channel of a desk.
@main
struct BridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-channel-bridge",
        abstract: "Make requests of mails, and mails of answers.",
        discussion: """
            Takes mails from a Maildir to a channel of the desk, and sends what agents
            answer by SMTP, in the thread of each mail. It can be ended at any time and
            goes on where it was.

              docket-channel-bridge run --server desk.example:7443 --key-file key \\
                  --maildir mail --address support@example.org --smtp localhost:25

            Exit status: 0 done, 1 refused, 2 usage, 4 not signed in, 5 not found, 69
            server unreachable, 74 local file error, 75 another program has the profile,
            76 protocol mismatch, 130 interrupted.
            """,
        subcommands: [
            RunCommand.self, ParkedCommand.self, RetryCommand.self, DiscardCommand.self,
        ]
    )

    static func main() async {
        let status = await CommandRun(of: BridgeReport.program).run(BridgeCommand.self)
        await DocketClient.settle()
        Glibc.exit(status.rawValue)
    }
}
