internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Connects a program with a desk, both ways: orders on standard input, events on standard output.
struct RelayCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Let a program send and receive: JSON lines on standard input and output.",
        discussion: """
            Each line of standard input is an order with an id; replies have the same id,
            and what happens is written as 'tail --json' does. With --key-file it speaks
            for the contacts of an integration, which needs a profile of its own. The
            lines are described in Documentation/ChatJSON.md.

              docket-chat relay --json --since CURSOR
              docket-chat relay --json --profile gateway --key-file key --server HOST:PORT
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Continue after this cursor, or start at the 'beginning'.")
    var since: SinceArgument?

    @Option(help: "The file with an integration's key in its first line.")
    var keyFile: String?

    @Option(help: "Seconds to wait for what has no verdict when standard input ends.")
    var timeout = 60

    @Flag(help: "Write and read JSON lines; there are no others.")
    var json = false

    func validate() throws {
        guard json else { throw ValidationError("relay speaks in JSON lines alone: add --json") }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        let key = try keyFile.map(KeyFile.key)
        return try await Customer.with(connection, as: key.map(Credential.apiKey)) { customer in
            let relay = Relay(customer, isIntegration: key != nil, patience: .seconds(timeout))
            return try await relay.run(from: since?.start ?? .now)
        }
    }
}
