internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// A live chat with a contact.
struct AnswerCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Chat live with the contact of a request.",
        discussion: """
            At a terminal it shows a prompt; /help lists its commands. Without one, or
            with --plain, each line of standard input is a message, and lines that begin
            with a command, such as /take, /note TEXT or /finish [STATUS], do what they say.

            What is said belongs to the request, whichever of the contact's requests is the
            newest. In an internal one the contact hears nothing of it. Where the request is
            merged into another, it goes there; /answer NUMBER turns to another request.
            """
    )

    /// How long a message is tried while a person sits at the prompt and can see that it waits.
    private static let patience = Duration.seconds(24 * 60 * 60)

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The request's number. Without it: the first that nobody has.")
    var number: RequestNumber?

    @Flag(help: "Show plain lines, without a prompt.")
    var plain = false

    @Flag(help: "Write one JSON object a line.")
    var json = false

    @Option(help: "How many earlier events to show. Without a terminal: none.")
    var history: Int?

    func validate() throws {
        if plain, json { throw ValidationError("--plain and --json exclude each other") }
        guard (0...200).contains(history ?? 0) else {
            throw ValidationError("--history takes 0 to 200")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let request = try await request(from: client)
        let answered = AnsweredRequest(request)
        let subject = ConversationSession.Subject(
            client.conversation(request.conversationID),
            answering: request,
            answered
        )
        let commands = AnswerCommands(client, answered, in: request.conversationID).all
        guard plain || json || !Terminal.isInteractive(in: .current) else {
            return try await talk(client, subject, commands)
        }
        let face: any ConversationFace = json ? JSONFace() : PlainFace(side: .agent)
        let input = LineInput(commands: commands)
        let options = ConversationSession.Options(
            historyLimit: history ?? (Terminal.isTerminal(0) ? 50 : 0),
            marksRead: !json
        )
        return try await session(client, subject, face, options).run { session in
            try await input.read(for: session)
        }
    }

    /// The request that was named, or the one that has its content, or the first that nobody has
    /// and whose contact waits for an answer.
    private func request(from client: DocketClient) async throws -> SupportRequest {
        if let number { return try await client.requests.survivor(number: number.value) }
        var page: PageToken?
        repeat {
            let found = try await client.requests.list(.nobodys, page: page)
            if let first = found.requests.first(where: { !$0.details.isInternal }) { return first }
            page = found.next
        } while page != nil
        throw CommandFailure(
            "Nobody waits for an agent.",
            advice: "See what everybody has: docket queue --all",
            status: .notFound
        )
    }

    private func talk(
        _ client: DocketClient,
        _ subject: ConversationSession.Subject,
        _ commands: [PromptCommand]
    ) async throws -> ExitStatus {
        let terminal = try Terminal()
        defer { terminal.close() }
        let colours = ColourChoice.auto.usesColours(in: .current, isTerminal: true)
        let face = PromptFace(terminal, colours: colours, side: .agent, commands: commands) {
            client.reconnectNow()
        }
        let options = ConversationSession.Options(
            historyLimit: history ?? 50,
            postLimit: Self.patience
        )
        return try await session(client, subject, face, options).run { session in
            try await face.read(for: session)
        }
    }

    private func session(
        _ client: DocketClient,
        _ subject: ConversationSession.Subject,
        _ face: any ConversationFace,
        _ options: ConversationSession.Options
    ) -> ConversationSession {
        ConversationSession(client, face: face, options: options) {
            () async throws(CommandFailure) in subject
        }
    }
}
