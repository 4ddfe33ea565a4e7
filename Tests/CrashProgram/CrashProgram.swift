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
///
/// Where the environment has `SHARED`, other processes may use the profile at the same time. Then
/// it waits for each message's verdict before the next, and prints `delivered ID` for it.
///
/// With a path in `ATTACHMENT` each message has a copy of that file. With an offset in `MARK` it
/// marks its conversation as read up to there at first, prints `marked OFFSET` as soon as that is
/// durable, and ends when the server has the mark too.
///
/// With `SYNC` in the environment it reads everything that has happened, and prints `shown TEXT`
/// for each message of its conversation.
///
/// With `ERASE` in the environment it erases the profile, whatever waits in it, and prints
/// `erased`.
@main
struct CrashProgram {
    /// The arguments make no sense.
    struct Misuse: Error {}

    private static let environment = ProcessInfo.processInfo.environment

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 3 else { throw Misuse() }
        let server = try SavedCredentials(contentsOf: arguments[1]).server
        let texts = Array(arguments.dropFirst(3))
        if environment["ERASE"] != nil {
            let failpoint = ErasingFailpoint(rawValue: arguments[2])
            try Profile.erase(at: arguments[0], discardingUnsent: true) { reached in
                if reached == failpoint { kill(getpid(), SIGKILL) }
            }
            tell("erased")
        } else if environment["SHARED"] != nil {
            try await share(arguments[0], server, texts)
        } else {
            try await hold(arguments[0], server, OutboxFailpoint(rawValue: arguments[2]), texts)
        }
    }

    /// Uses a profile alone.
    private static func hold(
        _ folder: String,
        _ server: Server,
        _ failpoint: OutboxFailpoint?,
        _ texts: [String]
    ) async throws {
        let client = try await DocketClient.open(
            try Profile.open(at: folder),
            to: server,
            as: .newGuest(name: "Ana")
        ) { reached in
            if reached == failpoint { kill(getpid(), SIGKILL) }
        }
        let conversation = try await conversation(of: client)
        if let offset = environment["MARK"].flatMap({ UInt64($0) }) {
            try await conversation.markRead(upTo: offset)
            tell("marked \(offset)")
        }
        let path = ProcessInfo.processInfo.environment["ATTACHMENT"]
        for text in texts {
            let files = try path.map { [AttachmentDraft(try .file($0), name: text)] } ?? []
            let message = try await conversation.send(text, attachments: files)
            tell("queued \(message.id)")
        }
        for await summary in client.outbox.summaries where summary.waiting == 0 { break }
        if client.unsentReadMarks > 0 { try await client.sync() }
        if environment["SYNC"] != nil { try await show(conversation, of: client) }
        tell("empty")
        client.close()
    }

    /// Reads what has happened, and prints what was said.
    private static func show(_ conversation: Conversation, of client: DocketClient) async throws {
        try await client.sync()
        for try await view in conversation.timeline(limit: 1_000) where view.isComplete {
            for case .event(let event) in view.items {
                if case .messagePosted(let message) = event.fact { tell("shown \(message.text)") }
            }
            break
        }
    }

    /// Uses a profile together with other processes.
    private static func share(_ folder: String, _ server: Server, _ texts: [String]) async throws {
        let shared = try await SharedClient.open(
            at: folder,
            to: server,
            as: .newGuest(name: "Ana")
        )
        let conversation = try await conversation(of: shared.client)
        if let offset = environment["MARK"].flatMap({ UInt64($0) }) {
            try await shared.markRead(upTo: offset, in: conversation)
            tell("marked \(offset)")
        }
        for text in texts {
            let message = try await shared.send(text, in: conversation)
            tell("queued \(message.id)")
            let outcome = await message.outcome(within: .seconds(60))
            guard case .delivered = outcome else {
                tell("not delivered: \(outcome)")
                continue
            }
            tell("delivered \(message.id)")
        }
        // A holder that does nothing more is still one.
        if environment["SHARED"] == "linger" { try await Task.sleep(for: .seconds(600)) }
        await shared.close()
        tell("done")
    }

    /// The conversation that the environment names, or the contact's own, which wants a server.
    private static func conversation(of client: DocketClient) async throws -> Conversation {
        let known = environment["CONVERSATION"].flatMap { ConversationID($0) }
        if let known { return client.conversation(known) }
        let conversation = try await client.openConversation(channel: "chat")
        tell("conversation \(conversation.id)")
        return conversation
    }

    /// Writes a line that stands before the process can be killed.
    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
