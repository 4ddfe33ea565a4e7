internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Shows what happens and says nothing.
struct TailCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show what happens, live, until you press Ctrl-C.",
        discussion: """
            With --json each line has a cursor. Pass the last one to --since to continue
            without a gap.
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Continue after this cursor, or start at the 'beginning'.")
    var since: SinceArgument?

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    func act() async throws -> ExitStatus {
        try await Customer.with(connection) { customer in
            let face: any ConversationFace = json ? JSONFace() : PlainFace(side: .contact)
            let options = ConversationSession.Options(
                start: since?.start ?? .now,
                historyLimit: 0,
                marksRead: false
            )
            let session = ConversationSession(customer.client, face: face, options: options) {
                () async throws(CommandFailure) in
                try await customer.subject(within: .seconds(24 * 60 * 60))
            }
            return try await session.run { _ in
                // Nothing to say: the session ends with an interruption or a failure.
                while true { try await Task.sleep(for: .seconds(60 * 60)) }
            }
        }
    }
}
