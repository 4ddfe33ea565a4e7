internal import ArgumentParser
internal import DocketClient

/// A customer's program with a profile: what it is told to say stays in the profile until the
/// server has it, whatever happens to the program.
struct Customer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say something as a customer; started by the demo.",
        shouldDisplay: false
    )

    @Option(help: "The folder of the profile.")
    var profile: String

    @Option(help: "The credentials file.")
    var credentials: String

    @Option(help: "The id of the conversation; without it, the customer's own is opened.")
    var conversation: String?

    @Flag(help: "Go on when everything is queued, until somebody ends the program.")
    var stays = false

    @Argument(help: "What to say.")
    var texts: [String] = []

    func run() async throws {
        let client = try await DocketClient.open(
            try Profile.open(at: profile),
            to: try SavedCredentials(contentsOf: credentials).server,
            as: .newGuest(name: "Customer")
        )
        let chat = try await place(of: client)
        Output.line("\(CustomerProcess.Line.conversation) \(chat.id)")
        for text in texts {
            let message = try await chat.send(text)
            Output.line("\(CustomerProcess.Line.queued) \(message.id)")
        }
        for await summary in client.outbox.summaries where summary.waiting == 0 && !stays { break }
        client.close()
        await DocketClient.settle()
    }

    private func place(of client: DocketClient) async throws -> Conversation {
        if let id = conversation.flatMap({ ConversationID($0) }) { return client.conversation(id) }
        return try await client.openConversation(channel: "chat")
    }
}
