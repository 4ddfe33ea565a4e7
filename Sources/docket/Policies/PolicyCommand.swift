internal import ArgumentParser

/// The rules of the desk.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, compare, apply and show policies, the rules of the desk.",
        discussion: """
              docket policy show --preset omnidesk
              docket policy check policy.yaml
              docket policy diff policy.yaml --credentials dev-credentials.json
              docket policy apply policy.yaml --credentials dev-credentials.json
            """,
        subcommands: [
            PolicyCheckCommand.self, PolicyDiffCommand.self, PolicyApplyCommand.self,
            PolicyShowCommand.self, PolicyHistoryCommand.self, PolicyPresetsCommand.self,
        ]
    )
}
