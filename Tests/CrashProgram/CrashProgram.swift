import DocketClient
import Foundation

/// A client with a profile that ends itself where it is told to, as a power cut or a kill would.
///
///     docket-crash PROFILE CREDENTIALS FAILPOINT TEXT...
///
/// It connects as the profile's guest, opens its conversation on the channel `chat` and prints
/// `conversation ID`, then sends the texts and prints `queued ID` for each as soon as it is
/// durable. It ends when the outbox is empty and prints `empty`, or with SIGKILL at the failpoint.
/// With the id of a conversation in the environment's `CONVERSATION` it needs no server to queue.
@main
struct CrashProgram {
    /// The arguments make no sense.
    struct Misuse: Error {}

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 3 else { throw Misuse() }
        let failpoint = OutboxFailpoint(rawValue: arguments[2])
        let profile = try Profile.open(at: arguments[0])
        let client = try await open(profile, arguments[1]) { reached in
            if reached == failpoint { kill(getpid(), SIGKILL) }
        }
        let conversation = try await conversation(of: client)
        for text in arguments.dropFirst(3) {
            let message = try await conversation.send(text)
            tell("queued \(message.id)")
        }
        for await summary in client.outbox.summaries where summary.waiting == 0 { break }
        tell("empty")
        client.close()
    }

    private static func open(
        _ profile: Profile,
        _ credentials: String,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void
    ) async throws -> DocketClient {
        let server = try SavedCredentials(contentsOf: credentials).server
        return try await DocketClient.open(
            profile,
            to: server,
            as: .newGuest(name: "Ana"),
            failpoint: failpoint
        )
    }

    /// The conversation that the environment names, or the contact's own, which wants a server.
    private static func conversation(of client: DocketClient) async throws -> Conversation {
        let known = ProcessInfo.processInfo.environment["CONVERSATION"]
        if let id = known.flatMap({ ConversationID($0) }) { return client.conversation(id) }
        let conversation = try await client.openConversation(channel: "chat")
        tell("conversation \(conversation.id)")
        return conversation
    }

    /// Writes a line that stands before the process can be killed.
    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
