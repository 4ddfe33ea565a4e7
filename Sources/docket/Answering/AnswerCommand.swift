internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// A live chat with a contact.
struct AnswerCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Chat live with the contact of a request.",
        discussion: """
            At a terminal you get a prompt; /help lists its commands. Otherwise, or with
            --plain, each line of standard input is a message. A line that starts with a
            slash is a command, such as /take, /note TEXT or /finish [STATUS], and is never
            sent; // sends a text that starts with a slash.

            Your messages go to this request even if the contact has opened a newer one. In
            an internal request the contact sees none of them. After a merge they go to the
            merged request. /next goes on to the next contact who waits.

            Who waits longest is looked for among the \(Requests.mostCompared) oldest requests \
            that nobody has.

              docket answer 12 --credentials dev-credentials.json
              docket answer --credentials dev-credentials.json
            """
    )

    /// How long a message is tried while a person sits at the prompt and can see that it waits.
    private static let patience = Duration.seconds(24 * 60 * 60)

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The request's number. Default: the unassigned one that waits longest.")
    var number: RequestNumber?

    @Flag(help: "Plain lines instead of a prompt.")
    var plain = false

    @Flag(help: "Write one JSON object a line.")
    var json = false

    @Option(help: "How many earlier events to show. Default: 50 at a terminal, else 0.")
    var history: Int?

    func validate() throws {
        if plain, json { throw ValidationError("--plain and --json exclude each other") }
        guard (0...200).contains(history ?? 0) else {
            throw ValidationError("--history takes 0 to 200")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let usesPrompt = !plain && !json && Terminal.isInteractive(in: .current)
        let place = Place(terminal: usesPrompt ? try Terminal() : nil, input: StandardInput())
        defer { place.terminal?.close() }
        var request = try await request(from: client)
        var status = ExitStatus.done
        while true {
            let next = NextRequest()
            let end = try await answer(request, client, at: place, then: next)
            if status == .done { status = end }
            guard let following = next.value else { return status }
            request = following
        }
    }

    /// Where an agent reads and writes, over all sessions of the program.
    private struct Place {
        /// The terminal; nil where there is no prompt.
        let terminal: Terminal?
        let input: StandardInput
    }

    /// The request that was named, or the one that has its content, or the one that nobody has and
    /// whose contact has waited longest.
    private func request(from client: DocketClient) async throws -> SupportRequest {
        if let number {
            do throws(DocketClientError) {
                return try await client.requests.survivor(number: number.value)
            } catch {
                throw CommandFailure(error, about: number.value)
            }
        }
        if let waiting = try await client.requests.nextWaiting() { return waiting }
        throw CommandFailure(
            "Nobody is waiting for an agent.",
            advice: "See all requests: docket queue --all",
            status: .notFound
        )
    }

    /// One session, which ends with the input or when the agent goes on to another request.
    private func answer(
        _ request: SupportRequest,
        _ client: DocketClient,
        at place: Place,
        then next: NextRequest
    ) async throws -> ExitStatus {
        let request = try await client.look(at: request)
        let answered = AnsweredRequest(request)
        let subject = ConversationSession.Subject(
            client.conversation(request.conversationID),
            answering: request,
            answered
        )
        let commands = AnswerCommands(client, answered, in: request.conversationID, then: next).all
        if let terminal = place.terminal {
            return try await talk(client, subject, commands, at: terminal)
        }
        let face: any ConversationFace = json ? JSONFace() : PlainFace(side: .agent)
        let input = LineInput(commands: commands, input: place.input)
        let options = ConversationSession.Options(
            historyLimit: history ?? (Terminal.isTerminal(0) ? 50 : 0),
            marksRead: !json
        )
        return try await session(client, subject, face, options).run { session in
            try await input.read(for: session)
        }
    }

    private func talk(
        _ client: DocketClient,
        _ subject: ConversationSession.Subject,
        _ commands: [PromptCommand],
        at terminal: Terminal
    ) async throws -> ExitStatus {
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
