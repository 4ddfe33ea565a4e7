internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// The chat itself: a prompt at a terminal, lines otherwise.
struct TalkCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Chat. This is the default subcommand."
    )

    /// How long a message is tried while a person sits at the prompt and can see that it waits.
    private static let patience = Duration.seconds(24 * 60 * 60)
    /// Events of the history shown at a terminal.
    private static let usualHistory = 50

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Continue after this cursor instead of showing the newest messages.")
    var since: SinceArgument?

    @Option(help: "How many earlier events to show. Default: 50 at a terminal, else 0.")
    var history: Int?

    @Option(help: "Without a prompt: seconds to wait for confirmation of a message.")
    var timeout = 60

    func validate() throws {
        guard (0...200).contains(history ?? 0) else {
            throw ValidationError("--history takes 0 to 200")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        if connection.verbose, output.face == .prompt, Terminal.isTerminal(2) {
            throw CommandFailure(
                "--verbose would write into the prompt",
                advice: "Write it to a file: docket-chat --verbose 2>docket-chat.log",
                status: .usage
            )
        }
        return try await Customer.with(connection) { customer in
            if output.face == .prompt { return try await talk(customer) }
            let face: any ConversationFace =
                output.face == .json ? JSONFace() : PlainFace(side: .contact)
            return try await readLines(customer, face)
        }
    }

    private func options(history usual: Int, limit: Duration) -> ConversationSession.Options {
        ConversationSession.Options(
            start: since?.start ?? .now,
            historyLimit: since == nil ? history ?? usual : 0,
            postLimit: limit,
            marksRead: output.face != .json && !output.hidesReading,
            tellsTyping: !output.hidesTyping
        )
    }

    private func session(
        _ customer: Customer,
        _ face: any ConversationFace,
        _ options: ConversationSession.Options
    ) async throws(CommandFailure) -> ConversationSession {
        // A cursor says where to go on; what is known otherwise is shown first.
        let known = since == nil ? try await customer.known(limit: options.historyLimit) : nil
        let limit = known == nil ? options.postLimit : Self.patience
        return ConversationSession(
            customer.client,
            face: face,
            options: options,
            known: known,
            outlet: customer.outlet,
            mark: customer.mark,
            explain: customer.failure
        ) {
            () async throws(CommandFailure) in
            try await customer.subject(within: limit)
        }
    }

    private func talk(_ customer: Customer) async throws -> ExitStatus {
        let terminal = try Terminal()
        defer { terminal.close() }
        let client = customer.client
        let face = PromptFace(
            terminal,
            colours: output.usesColours,
            side: .contact,
            commands: StoppedMessages(in: customer).commands,
            draft: try customer.draft()
        ) { client.reconnectNow() }
        let options = options(history: Self.usualHistory, limit: Self.patience)
        return try await session(customer, face, options).run { session in
            try await face.read(for: session)
        }
    }

    private func readLines(
        _ customer: Customer,
        _ face: any ConversationFace
    ) async throws -> ExitStatus {
        let isPiped = !Terminal.isTerminal(0)
        let options = options(
            history: isPiped ? 0 : Self.usualHistory,
            limit: .seconds(timeout)
        )
        let input = LineInput(commands: StoppedMessages(in: customer).commands)
        return try await session(customer, face, options).run { session in
            try await input.read(for: session)
        }
    }
}
