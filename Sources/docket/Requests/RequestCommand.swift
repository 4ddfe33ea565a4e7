internal import ArgumentParser

/// Everything that can be done with requests.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Open, change, postpone, split, merge and link requests.",
        discussion: """
            To show, take, assign or finish requests, to reply or to write a note, use
            `docket show`, `docket take` and so on.

              docket request set 12 --priority high --tag hall --credentials FILE
              docket request postpone 12 --until 3d --credentials FILE
              docket request split 12 --credentials FILE
            """,
        subcommands: [
            RequestMessagesCommand.self, RequestChainCommand.self, RequestCreateCommand.self,
            RequestViewCommand.self, RequestSetCommand.self, RequestStatusCommand.self,
            RequestPostponeCommand.self, RequestSplitCommand.self, RequestMergeCommand.self,
            RequestLinkCommand.self,
            RequestUnlinkCommand.self, RequestDeleteCommand.self, RequestRestoreCommand.self,
        ]
    )
}
