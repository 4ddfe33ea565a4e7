import DocketClient

/// The listings of the tutorial on a channel.
private struct ChannelTutorial {
    private func connect(_ server: Server, _ key: String) async throws {
        let profile = try Profile.open(at: Profile.folder(named: "sms", application: "gateway"))
        let client = try await DocketClient.open(profile, to: server, as: .apiKey(key))
        try await client.signedIn()
    }

    private func conversation(
        _ client: DocketClient,
        _ phone: String,
        _ name: String
    ) async throws -> Conversation {
        let contact = try await client.contacts.ensure(externalID: phone, name: name)
        return try await client.openConversation(channel: "bridge", for: contact.id)
    }

    private func takeIn(
        _ chat: Conversation,
        _ text: String,
        _ id: MessageID
    ) async throws {
        let message = try await chat.send(text, id: id)
        print(await message.outcome(within: .seconds(30)))
    }

    private func giveOut(_ client: DocketClient, from kept: Cursor?) async throws {
        for try await update in client.feed(from: kept.map(FeedStart.after) ?? .now) {
            if case .event(let event) = update.content,
                case .messagePosted(let message) = event.fact,
                [.agent, .desk].contains(event.actor?.kind)
            {
                try await deliver(message, in: event.conversationID)
            }
            keep(update.cursor)
        }
    }

    /// Hands a message to the gateway; a real program speaks to one.
    private func deliver(_ message: Message, in conversation: ConversationID?) async throws {
        print(message.text, conversation.map { "\($0)" } ?? "")
    }

    /// Keeps a cursor; a real program writes it down.
    private func keep(_ cursor: Cursor) { print(cursor) }
}
