internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine

/// Says what is wrong with a policy.
struct PolicyCheckCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report everything that is wrong with a policy file.",
        discussion: """
            It needs no server. If you name one, it also says whether the policy could be
            applied now or would remove something that requests use.

              docket policy check policy.yaml
              docket policy check policy.yaml --credentials dev-credentials.json

            Exit status: 1 if anything is wrong.
            """
    )

    @OptionGroup var desk: DeskOptions
    @OptionGroup var output: PolicyOutput

    @Argument(help: "The policy file.")
    var file: String

    func act() async throws -> ExitStatus {
        let document = try PolicyFile(file)
        guard document.findings.isEmpty, desk.isGiven else {
            return try output.tell(document.findings, with: file)
        }
        let client = try await desk.connect(as: .administrator)
        defer { client.close() }
        return try output.tell(try await client.policies.check(document.text), with: file)
    }
}
