internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Lists the channels, and what each asks for.
struct ChannelsCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "channels",
        abstract: "List the channels, and what a request on each asks for.",
        discussion: """
              docket channels --credentials dev-credentials.json
              docket channels chat --credentials dev-credentials.json
            """
    )

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The key of a channel: show everything about it.")
    var channel: String?

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let channels = try await client.channels()
        let shown = try channel.map { [try Self.channel($0, among: channels)] } ?? channels
        let output = OutputWriter.standard
        guard !json else {
            for channel in shown {
                try output.write(JSONLine.text(of: ChannelLine(channel)) + "\n")
            }
            return .done
        }
        if channel != nil, let channel = shown.first {
            for line in ChannelText.lines(of: channel) { try output.writeLine(line) }
        } else if shown.isEmpty {
            try output.writeLine("There is nothing.")
        } else {
            try RequestOutput.show(ChannelText.table(of: shown))
        }
        return .done
    }

    private static func channel(
        _ key: String,
        among channels: [ReachableChannel]
    ) throws(CommandFailure) -> ReachableChannel {
        guard let channel = channels.first(where: { $0.key == key }) else {
            throw CommandFailure(
                "there is no channel '\(key)'",
                advice: "There are: \(channels.map(\.key).joined(separator: ", "))",
                status: .notFound
            )
        }
        return channel
    }
}
