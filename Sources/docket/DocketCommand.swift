internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Glibc

/// The agents' and administrators' tool.
@main
struct DocketCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket",
        abstract: "Answer requests, and manage agents, keys, contacts and policies.",
        discussion: """
              docket login --server HOST:PORT --login ana
              docket queue
              docket answer 12
              docket finish 12 --status resolved
              docket queue --credentials dev-credentials.json

            Exit status: 0 done, 1 refused, 2 usage, 3 not confirmed in time, 4 not
            signed in, 5 not found, 6 done for some of several requests, 69 server
            unreachable, 74 local file error, 76 protocol mismatch, 130 interrupted.
            """,
        subcommands: [
            LoginCommand.self, LogoutCommand.self,
            QueueCommand.self, WatchCommand.self, ShowCommand.self, SearchCommand.self,
            AnswerCommand.self, ReplyCommand.self, TakeCommand.self, AssignCommand.self,
            NoteCommand.self, FinishCommand.self,
            RequestCommand.self, ChannelsCommand.self, PolicyCommand.self, PasswordCommand.self,
            AgentCommand.self, KeyCommand.self,
            SessionsCommand.self, ContactCommand.self, CompanyCommand.self, AuditCommand.self,
        ]
    )

    static func main() async {
        let status = await CommandRun(of: "docket").run(DocketCommand.self)
        await DocketClient.settle()
        Glibc.exit(status.rawValue)
    }
}
