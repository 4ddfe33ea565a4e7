import DocketClient

/// The listings of the library's README; `ListingTests` compares them.
private struct ReadmeListings {
    private func example(server: Server) async throws {
        let client = try await DocketClient.connect(to: server, as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        let outcome = try await chat.post("It prints blank pages")
        print(outcome)
        for try await update in chat.updates() { print(update.content) }
    }

    private func files(_ chat: Conversation) async throws {
        let photo = AttachmentDraft(try .file("broken.jpg"), name: "broken.jpg")
        let pending = try await chat.send("This is how it looks", attachments: [photo])
        print(pending.attachments)
    }

    private func offline(_ server: Server, _ chat: Conversation) async throws {
        let profile = try Profile.open(at: Profile.folder(named: "ana"))
        let client = try await DocketClient.open(profile, to: server, as: .newGuest(name: "Ana"))
        let kept = client.conversation(chat.id)
        let message = try await kept.send("It still prints blank pages")
        print(await message.outcome(within: .seconds(10)))
        client.close()
    }

    private func view(_ chat: Conversation) async throws {
        for try await view in chat.timeline(limit: 50) { print(view.items) }
    }

    private func desk(_ client: DocketClient) async throws {
        let ada = try await client.contacts.create(ContactFields(name: "Ada"))
        var change = ContactFields()
        change.clientCategory = "vip"
        try await client.contacts.update(ada.id, change, expecting: ada.version)
        print(try await client.search.messages("late parcel").hits.items)
    }

    private func together(_ server: Server, _ chat: Conversation) async throws {
        let folder = try Profile.folder(named: "ana")
        let shared = try await SharedClient.open(at: folder, to: server, as: .newGuest(name: "Ana"))
        let said = try await shared.send("It prints blank pages", in: chat)
        print(await said.outcome(within: .seconds(10)))
        await shared.close()
    }

    private func channel(_ server: Server) async throws {
        let profile = try Profile.open(at: Profile.folder(named: "sms"))
        let key = Credential.apiKey("an integration's key")
        let client = try await DocketClient.open(profile, to: server, as: key)
        try await client.relay("gateway", channel: "sms") { relay in
            let sender = ExternalContact(id: "+49 151 1", name: "Ana")
            let said = IncomingMessage(externalID: "8841", from: sender, text: "It smokes")
            try await relay.ingest(said)
            for try await delivery in relay.outbound() {
                let id = try await delivery.reserveExternalID { "desk-\($0)" }
                print("send", delivery.message.text, "to", delivery.to.id, "as", id)
                try await delivery.confirm()
            }
        }
    }

    private func push(_ server: Server) async throws {
        let partner = try await DocketClient.connect(to: server, as: .apiKey("a partner's key"))
        var ticket = TicketDraft(
            "crm/8841",
            of: "crm/contact/7",
            named: "Ada",
            channel: "api",
            text: "It does not print"
        )
        ticket.title = "Printer on floor 2"
        for verdict in try await partner.tickets.push([ticket]) { print(verdict) }
        let request = try await partner.tickets.get(externalKey: "crm/8841")
        _ = try await partner.tickets.comment("It smokes now", on: request.id)
    }

    private func diagnostics(_ client: DocketClient) {
        let picture = client.diagnostics()
        print(picture.connection.state, picture.outbox.waiting, picture.outbox.oldestAge ?? .zero)
        print(picture.verdicts.latencies.bound(ofShare: 0.99) ?? .zero)
    }
}
