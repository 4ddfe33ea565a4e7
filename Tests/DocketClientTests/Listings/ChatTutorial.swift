import DocketClient

/// The listings of the tutorial on a chat in an app.
private struct ChatTutorial {
    private func open() async throws {
        let server = Server(host: "desk.example", port: 7443)
        let profile = try Profile.open(at: Profile.folder(named: "ana", application: "shop"))
        let client = try await DocketClient.open(profile, to: server, as: .newGuest(name: "Ana"))
        print(client.identity as Any)
    }

    private func conversation(
        _ client: DocketClient,
        known id: ConversationID?
    ) async throws -> Conversation {
        if let id { return client.conversation(id) }
        return try await client.openConversation(channel: "chat", within: .seconds(30))
    }

    private func show(_ chat: Conversation) async throws {
        for try await view in chat.timeline(limit: 100) {
            for item in view.items { print(line(for: item)) }
        }
    }

    func line(for item: TimelineView.Item) -> String {
        switch item {
        case .event(let event):
            switch event.fact {
            case .messagePosted(let message): "\(event.actor?.name ?? ""): \(message.text)"
            case .statusChanged(let change): "now \(change.statusNameForContact ?? change.to)"
            default: ""
            }
        case .missing: "there is more above"
        case .queued(let message): "\(message.text) (not sent yet)"
        }
    }

    private func send(_ chat: Conversation) async throws {
        let message = try await chat.send("It prints blank pages")
        switch await message.outcome(within: .seconds(10)) {
        case .delivered(let receipt): print("request \(receipt.requestNumber) has it")
        case .refused(let refusal): print("the company does not take it: \(refusal.reason)")
        case .queued: print("it is sent as soon as there is a network")
        case .waiting(let first): print("message \(first) is first")
        case .failed, .expired: print("it may have arrived: ask whether to send it again")
        case .discarded: print("it was taken back")
        }
    }

    private func decide(_ client: DocketClient) async throws {
        for message in try client.outbox.messages() {
            switch message.state {
            case .refused: try await client.outbox.discard(message.id)
            case .failed, .expired: _ = try await client.outbox.retry(message.id)
            default: print("\(message.text) waits")
            }
        }
    }

    private func read(_ chat: Conversation, _ newest: Event) async throws {
        try await chat.markRead(upTo: newest.offset)
    }

    private func watch(_ client: DocketClient) async {
        for await state in client.states {
            switch state {
            case .live, .catchingUp: print("connected")
            case .connecting, .authenticating: print("connecting")
            case .offline(_, let error): print("no connection: \(error)")
            case .needsLogin: print("the company does not know this guest any more")
            case .closed: print("closed")
            }
        }
    }

    private func end(_ client: DocketClient) async {
        client.close()
        await DocketClient.settle()
    }
}
