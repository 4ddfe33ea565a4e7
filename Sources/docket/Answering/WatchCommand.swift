internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Shows what happens at the desk.
struct WatchCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what happens at the desk, live, until you press Ctrl-C.",
        discussion: """
            One line for each event. The bell rings, and a line is marked with !, when
            somebody else does something about a request that you have or watch, and when a
            contact writes to a request that nobody has.

            With --json each line has a cursor. Pass the last one to --since to continue
            without a gap.

              docket watch --credentials dev-credentials.json
              docket watch --mine --json --credentials dev-credentials.json
            """
    )

    @OptionGroup var signIn: SignInOptions

    @Flag(help: "Only requests that you have or watch.")
    var mine = false

    @Option(help: "Continue after this cursor.")
    var since: CursorArgument?

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        guard let agent = client.identity?.party.id else {
            throw CommandFailure("the server does not say who you are", status: .incompatible)
        }
        let watch = DeskWatch(
            client,
            by: agent,
            isMineOnly: mine,
            isJSON: json,
            isTerminal: Terminal.isTerminal(1)
        )
        try await watch.run(from: since.map { .after($0.value) } ?? .now)
        return .done
    }
}

/// A place in a feed, as it is written on a command line.
struct CursorArgument: ExpressibleByArgument {
    let value: Cursor

    init?(argument: String) {
        guard let value = Cursor(argument) else { return nil }
        self.value = value
    }
}
