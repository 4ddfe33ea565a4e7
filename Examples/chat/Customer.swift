internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import Synchronization

/// The person who chats: a guest who is made at the first time and remembered.
struct Customer {
    /// The name of a person who gives none.
    private static let defaultName = "Guest"

    private let server: Server
    private let file: IdentityFile
    private let channel: String
    /// Held while the guest is being made; nil for one who has been here before.
    private let beginning: Beginning?
    /// The connection, which has begun to be made.
    let client: DocketClient

    /// What keeps other programs from making another guest, until this one is remembered.
    private final class Beginning: Sendable {
        private let lock: Mutex<IdentityLock?>

        init(_ lock: IdentityLock) { self.lock = Mutex(lock) }

        func end() { lock.withLock { $0 = nil } }
    }

    init(_ options: ConnectionOptions) async throws(CommandFailure) {
        server = try options.namedServer()
        file = options.identityFile(for: server)
        channel = options.channel
        var key = try file.read()
        if key == nil {
            let lock = try await file.lock()
            // Another program may have made one while this one waited.
            key = try file.read()
            beginning = key == nil ? Beginning(lock) : nil
        } else {
            beginning = nil
        }
        let credential =
            key.map(Credential.guest) ?? .newGuest(name: options.name ?? Self.defaultName)
        do throws(DocketClientError) {
            client = try DocketClient(to: server, as: credential)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Somebody who has been here before: whoever only asks is not made a guest.
    init(known options: ConnectionOptions) async throws(CommandFailure) {
        let server = try options.namedServer()
        guard try options.identityFile(for: server).read() != nil else {
            throw CommandFailure(
                "You have not written to \(server) yet.",
                advice: "Begin with: docket-chat send TEXT",
                status: .notFound
            )
        }
        try await self.init(options)
    }

    /// Gives the conversation of a request of the person's.
    ///
    /// - Parameter number: The request's number.
    /// - Returns: The conversation and the request.
    /// - Throws: `CommandFailure` where there is no such request of the person's.
    func conversation(
        ofRequest number: UInt64
    ) async throws(CommandFailure) -> (conversation: Conversation, request: RequestID) {
        do throws(DocketClientError) {
            let request = try await client.requests.numbered(number)
            return (client.conversation(request.conversationID), request.id)
        } catch {
            throw failure(error)
        }
    }

    /// Opens the person's conversation, as soon as there is a connection.
    ///
    /// - Parameter limit: How long to try.
    /// - Returns: The conversation.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func openConversation(within limit: Duration) async throws(CommandFailure) -> Conversation {
        let conversation: Conversation
        do throws(DocketClientError) {
            conversation = try await client.openConversation(channel: channel, within: limit)
        } catch {
            if error.refusal?.reason == "unknown_channel" { throw await unknownChannel(error) }
            throw failure(error)
        }
        try remember()
        return conversation
    }

    /// What a session of the person's is about.
    func subject(within limit: Duration) async throws(CommandFailure) -> ConversationSession.Subject
    {
        let conversation = try await openConversation(within: limit)
        return ConversationSession.Subject(
            conversation,
            newest: conversation.summary?.newestRequest
        )
    }

    /// The refusal of a channel, with those that there are.
    private func unknownChannel(_ error: DocketClientError) async -> CommandFailure {
        do throws(DocketClientError) {
            let keys = try await client.channels().map(\.key)
            return CommandFailure(
                error,
                advice: "Choose one of these: --channel \(keys.joined(separator: " | "))"
            )
        } catch {
            // The refusal matters more than why the list of channels did not come.
            return failure(error)
        }
    }

    /// Keeps who the person is, before anything is said that would be lost with it.
    private func remember() throws(CommandFailure) {
        guard let key = client.guestKey else { return }
        defer { beginning?.end() }
        guard try file.read() != key else { return }
        try file.write(key, for: server)
    }

    /// The failure with the advice that fits a guest.
    func failure(_ error: DocketClientError) -> CommandFailure {
        guard error.code == .needsLogin else {
            return CommandFailure(error, advice: error.refusal?.adviceForCustomer)
        }
        return CommandFailure(
            error,
            advice: "\(server) does not know the guest of \(file.path). "
                + "To begin as somebody new: rm '\(file.path)'"
        )
    }
}

extension Refusal {
    /// What a customer may do next; nil where that is the same for everybody.
    var adviceForCustomer: String? {
        switch reason {
        case "missing_fields": MissingFields(words).advice(after: .create)
        case "not_found":
            "It does not exist, or it is not yours. See yours: docket-chat requests --all"
        case "replies_refused": "Open another: docket-chat open --help"
        case "key_reused":
            "The id was used before, perhaps for this. See yours: docket-chat requests --all"
        case "too_many_unused_files", "too_many_uploads": nil
        default: ""
        }
    }
}
