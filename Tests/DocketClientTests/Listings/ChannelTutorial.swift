import DocketClient

/// The listings of the tutorial on a channel.
private struct ChannelTutorial {
    /// The other system; a real program speaks to one.
    struct Gateway: Sendable {
        /// A message as the other system has it.
        struct Text: Sendable {
            let id: String
            let phone: String
            let name: String?
            let text: String
        }

        /// What the gateway said to an attempt.
        enum Answer: Sendable {
            case accepted
            case busy
            case noSuchNumber
        }

        /// What customers write.
        let texts: AsyncStream<Text>

        func acknowledge(_ text: Text) async {}

        func send(_ text: String, to phone: String, as id: String) async -> Answer { .accepted }
    }

    private func run(_ server: Server, _ key: String, _ gateway: Gateway) async throws {
        let profile = try Profile.open(at: Profile.folder(named: "sms", application: "gateway"))
        let client = try await DocketClient.open(profile, to: server, as: .apiKey(key))
        try await client.relay("sms", channel: "bridge") { relay in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await takeIn(relay, gateway) }
                group.addTask { try await giveOut(relay, gateway) }
                try await group.waitForAll()
            }
        }
    }

    func takeIn(_ relay: Relay, _ gateway: Gateway) async throws {
        for await text in gateway.texts {
            let contact = ExternalContact(id: text.phone, name: text.name ?? text.phone)
            try await relay.ingest(
                IncomingMessage(externalID: text.id, from: contact, text: text.text)
            )
            await gateway.acknowledge(text)
        }
    }

    func giveOut(_ relay: Relay, _ gateway: Gateway) async throws {
        for try await delivery in relay.outbound() {
            let id = try await delivery.reserveExternalID { "docket-\($0)" }
            switch await gateway.send(delivery.message.text, to: delivery.to.id, as: id) {
            case .accepted: try await delivery.confirm()
            case .busy: try await delivery.retry(after: .seconds(30))
            case .noSuchNumber: try await delivery.fail("there is no such number")
            }
        }
    }

    private func decide(_ relay: Relay) async throws {
        for parked in try relay.parked() {
            print("\(parked.message): \(parked.reason), and \(parked.behind) wait behind it")
        }
    }

    private func watch(_ relay: Relay) async {
        for await condition in relay.conditions {
            print("in \(condition.incoming), out \(condition.outgoing), parked \(condition.parked)")
        }
    }
}
