import DocketClient

/// The listings of the article on working without a network.
private struct OfflineListings {
    private func open(_ server: Server, _ id: ConversationID) async throws {
        let profile = try Profile.open(at: Profile.folder(named: "ana"))
        let client = try await DocketClient.open(profile, to: server, as: .newGuest(name: "Ana"))
        _ = try await client.conversation(id).send("It prints blank pages")
        client.close()
    }

    private func request(_ client: DocketClient, _ draft: RequestDraft) async throws {
        let pending = try await client.requests.send(draft)
        for request in try client.outbox.requests() { print(request.title, request.state) }
        print(await pending.outcome(within: .seconds(10)))
    }

    private func outbox(_ client: DocketClient) async {
        for await summary in client.outbox.summaries {
            print("\(summary.waiting) wait, \(summary.stopped) want a decision")
        }
    }

    private func conversations(_ client: DocketClient) async throws {
        for try await list in client.conversations() {
            for chat in list { print(chat.channel, chat.unread) }
        }
    }

    private func sync(_ client: DocketClient) async throws {
        try await client.sync(within: .seconds(60))
    }
}
