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
            without a gap. Without a server it shows what this machine knows, and goes on
            when there is one.

              docket-chat tail
              docket-chat tail --json --since CURSOR
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Continue after this cursor, or start at the 'beginning'.")
    var since: SinceArgument?

    @Option(
        help: "How many earlier events to show first, up to 200. Default: 10, none with --json."
    )
    var history: Int?

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    /// How many earlier events are shown if nothing else is said.
    private static let usualHistory = 10

    func validate() throws {
        guard (0...200).contains(history ?? 0) else {
            throw ValidationError("--history takes 0 to 200")
        }
        guard !json || history ?? 0 == 0 else {
            throw ValidationError("--json writes no history; --since beginning does")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection) { customer in
            let face: any ConversationFace = json ? JSONFace() : PlainFace(side: .contact)
            let options = ConversationSession.Options(
                start: since?.start ?? .now,
                historyLimit: json || since != nil ? 0 : history ?? Self.usualHistory,
                marksRead: false
            )
            let session = ConversationSession(
                customer.client,
                face: face,
                options: options,
                known: since == nil ? try await customer.known(limit: options.historyLimit) : nil,
                outlet: customer.outlet,
                explain: customer.failure
            ) {
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
