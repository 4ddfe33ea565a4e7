internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// The person who chats: a guest whom a profile remembers, made at the first time.
struct Customer {
    /// The name of a person who gives none.
    private static let defaultName = "Guest"

    /// Where the person chats.
    let server: Server
    /// The profile, with a connection that has begun to be made.
    let shared: SharedClient
    private let folder: String
    /// The key of the channel.
    let channel: String

    /// The connection over which is read and asked.
    var client: DocketClient { shared.client }

    private init(
        _ options: ConnectionOptions,
        as credential: Credential?
    ) async throws(CommandFailure) {
        let (account, isKept) = try options.account()
        folder = try options.folder()
        if !isKept, credential == nil, let earlier = EarlierIdentity(for: account.server) {
            throw earlier.decision
        }
        server = account.server
        channel = options.channel
        do throws(DocketClientError) {
            shared = try await SharedClient.open(
                at: folder,
                to: server,
                as: credential ?? .newGuest(name: options.name ?? Self.defaultName),
                logger: options.logger
            )
        } catch {
            throw CommandFailure(error)
        }
        let isOther = tellSalvage()
        guard !isKept || isOther else { return }
        do throws(CommandFailure) {
            var account = account
            // A guest whose secret was lost is another one, with conversations of its own.
            if isOther { account.conversations = [:] }
            try keep(account)
        } catch {
            await shared.close()
            throw error
        }
    }

    /// Tells what was saved of a damaged profile; gives whether whose it is may be lost.
    private func tellSalvage() -> Bool {
        guard let salvage = shared.salvage else { return false }
        // Where standard error takes nothing, nobody is left to tell; `doctor` says it again.
        let words = "\(ConnectionOptions.application): \(salvage)"
        try? OutputWriter.standardError.writeLine(TerminalText(untrusted: words))
        return !salvage.isComplete
    }

    /// Does something for the person, and gives the profile back whatever happens.
    ///
    /// - Parameters:
    ///   - options: Where, and with which profile.
    ///   - isKnown: Whether only somebody will do who has been here before: whoever only asks is
    ///     not made a guest.
    ///   - credential: What to sign in with; nil for the profile's guest.
    ///   - body: What to do.
    /// - Returns: What `body` returns.
    /// - Throws: `CommandFailure` where the profile cannot be used, or what `body` throws.
    static func with<Value>(
        _ options: ConnectionOptions,
        known isKnown: Bool = false,
        as credential: Credential? = nil,
        _ body: (Customer) async throws -> Value
    ) async throws -> Value {
        if isKnown, try !options.account().isKept {
            throw CommandFailure(
                "You have not written to \(try options.account().account.server) yet.",
                advice: "Begin with: docket-chat send TEXT",
                status: .notFound
            )
        }
        let customer = try await Customer(options, as: credential)
        do {
            let value = try await body(customer)
            await customer.shared.close()
            return value
        } catch {
            await customer.shared.close()
            throw error
        }
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

    /// Whether the first attempt to connect has failed; waits for it.
    var isAway: Bool {
        get async {
            for await state in client.states {
                switch state {
                case .connecting, .authenticating: continue
                case .offline: return true
                case .catchingUp, .live, .needsLogin, .closed: return false
                }
            }
            return false
        }
    }

    /// The person's conversation as the profile knows it, which wants no network; nil before it
    /// was opened.
    func knownConversation() throws(CommandFailure) -> Conversation? {
        try account().conversations[channel].map { client.conversation($0) }
    }

    /// Forgets the conversation, which the server does not know.
    func forgetConversation() throws(CommandFailure) {
        var account = try account()
        account.conversations[channel] = nil
        try keep(account)
    }

    /// Opens the person's conversation, as soon as there is a connection.
    ///
    /// - Parameter limit: How long to try.
    /// - Returns: The conversation.
    /// - Throws: `CommandFailure` if there is no answer in time, or it is a refusal.
    func openConversation(within limit: Duration) async throws(CommandFailure) -> Conversation {
        let conversation: Conversation
        do throws(DocketClientError) {
            conversation = try await client.openConversation(channel: channel, within: limit)
        } catch {
            if error.refusal?.reason == "unknown_channel" { throw await unknownChannel(error) }
            throw failure(error)
        }
        var account = try account()
        if account.conversations.updateValue(conversation.id, forKey: channel) != conversation.id {
            try keep(account)
        }
        return conversation
    }

    /// What the profile knows of the person's conversation; nil before it was opened.
    ///
    /// - Parameter count: How many events and messages at most.
    /// - Returns: What is shown before there is a connection.
    /// - Throws: `CommandFailure` where the profile cannot be read.
    func known(limit count: Int) async throws(CommandFailure) -> ConversationSession.Known? {
        guard let conversation = try knownConversation() else { return nil }
        do throws(DocketClientError) {
            let asked = max(1, count)
            let longest = asked + ConversationView.mostCounted
            var views = conversation.timeline(limit: longest).makeAsyncIterator()
            let timeline = KnownTimeline(try await views.next(), showing: asked)
            let queued = try await shared.queued().filter { $0.conversationID == conversation.id }
            return ConversationSession.Known(
                conversation,
                reader: client.guestKey.map { key in
                    Identity(party: Party(kind: .contact, id: key.contactID, name: ""), role: nil)
                },
                page: timeline.page,
                earlier: timeline.earlier,
                queued: queued
            )
        } catch {
            throw failure(error)
        }
    }

    /// What somebody has begun to write; nil before the conversation was opened.
    func draft() throws(CommandFailure) -> ProfileDraft? {
        try knownConversation().map { ProfileDraft(of: $0.id, inProfileAt: folder) }
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

    /// Keeps what is said in the profile until it has its verdict.
    var outlet: ProfileOutlet { ProfileOutlet(shared: shared) }

    /// Keeps what has been read in the profile, so that the desk hears of it sooner or later.
    var mark: ConversationSession.Marking {
        { [shared] (conversation, offset) async throws(DocketClientError) in
            do throws(EnqueueError) {
                try await shared.markRead(upTo: offset, in: conversation)
            } catch {
                throw DocketClientError(error)
            }
        }
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

    /// What the profile knows, as the last of its processes has left it.
    private func account() throws(CommandFailure) -> ProfileAccount {
        do throws(ProfileError) {
            return try ProfileAccount.read(at: folder) ?? ProfileAccount(server: server)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func keep(_ account: ProfileAccount) throws(CommandFailure) {
        do throws(ProfileError) {
            try account.write(at: folder)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The failure with the advice that fits a guest.
    func failure(_ error: DocketClientError) -> CommandFailure {
        guard error.code == .needsLogin else {
            return CommandFailure(error, advice: error.refusal?.adviceForCustomer)
        }
        return CommandFailure(
            "sign in again: the server does not know you any more",
            advice: """
                To begin as somebody new:
                  docket-chat logout --discard-unsent
                It gives up what was not sent:
                  docket-chat outbox list
                """,
            status: .notSignedIn,
            reason: error.refusal?.reason
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
