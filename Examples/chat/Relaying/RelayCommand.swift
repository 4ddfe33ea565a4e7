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
            Each line of standard input is an order with an id; replies have the same id.
            Documentation/ChatJSON.md describes the lines. There are two kinds of relay:

            With --key-file it connects the channel of another system, such as a gateway
            for SMS: a channel integration in any language. The program brings what the
            contacts say ('ingest'), which is on the disk before the reply, and gets what
            the desk answers ('delivery') until it writes 'confirm'. It works offline and
            goes on where it was after a kill. It needs a profile of its own, --channel
            names the channel of the key, and --server is needed the first time.

            Without --key-file it speaks for the profile's guest, as a customer: 'send' and
            'open', and what happens is written as 'tail --json' does.

            When standard input ends, it waits up to --timeout seconds for what is under
            way, and ends with status 3 where something is left.

              docket-chat relay --json --profile sms --key-file key --channel sms
              docket-chat relay --json --since CURSOR
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: """
            Continue after this cursor, or start at the 'beginning'. With --key-file it counts the \
            first time only: later the profile knows.
            """
    )
    var since: SinceArgument?

    @Option(help: "Connect a channel: the file with an integration's key in its first line.")
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
            let (patience, start) = (Duration.seconds(timeout), since?.start ?? .now)
            guard key != nil else {
                return try await GuestRelay(customer, patience: patience).run(from: start)
            }
            return try await ChannelRelay.run(customer, patience: patience, from: start)
        }
    }
}
