internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Says what is wrong with a policy.
struct PolicyCheckCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say everything that is wrong with a policy document.",
        discussion: """
            It needs no server. Where one is named it is asked too: whether the policy
            could come into force now, or would take away what requests use.

              docket policy check policy.yaml
              docket policy check policy.yaml --credentials dev-credentials.json

            Exit status: 1 where something is wrong.
            """
    )

    @OptionGroup var desk: DeskOptions
    @OptionGroup var output: PolicyOutput

    @Argument(help: "The document.")
    var file: String

    func act() async throws -> ExitStatus {
        let document = try PolicyFile(file)
        guard document.findings.isEmpty, desk.isGiven else {
            return try output.tell(document.findings, with: file)
        }
        let client = try await desk.connect(as: .administrator)
        defer { client.close() }
        return try output.tell(try await Policies(client).check(document.text), with: file)
    }
}
