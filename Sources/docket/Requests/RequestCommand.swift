internal import ArgumentParser

/// Everything that can be done with requests.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Show, open, change, split, merge and link requests.",
        discussion: """
              docket request show 12 --previous --credentials dev-credentials.json
              docket request set 12 --priority high --tag hall --credentials FILE
              docket request postpone 12 --until 3d --credentials FILE
              docket request split 12 --credentials FILE
            """,
        subcommands: [
            ShowCommand.self, RequestMessagesCommand.self, RequestChainCommand.self,
            RequestCreateCommand.self, RequestViewCommand.self, TakeCommand.self,
            AssignCommand.self, RequestSetCommand.self, RequestStatusCommand.self,
            RequestPostponeCommand.self, NoteCommand.self, FinishCommand.self,
            RequestSplitCommand.self, RequestMergeCommand.self, RequestLinkCommand.self,
            RequestUnlinkCommand.self, RequestDeleteCommand.self, RequestRestoreCommand.self,
        ]
    )
}
