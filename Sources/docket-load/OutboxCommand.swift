internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTransport
internal import Foundation

/// Measures the client library's outbox: messages queued without a network, and how they leave.
struct OutboxCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Queue messages without a network, then send them, with the client library.",
        discussion: """
            The credentials' integration opens so many conversations, queues the messages
            in a profile while no server can be reached, and sends them once one can.
            queued_per_second counts messages that are durable on this machine,
            sent_per_second those that have their verdict. Meanwhile one message in ten
            is queued anew. Ends with status 1 if a conversation does not have its
            messages once and in order.
            """
    )

    @Option(help: "The credentials file that docketd serve --dev writes.")
    var credentials: String

    @Option(help: "Messages to queue.")
    var messages = 10_000

    @Option(help: "Conversations to queue them for, in turn.")
    var conversations = 16

    @Flag(help: "End with one JSON object.")
    var json = false

    func validate() throws {
        guard (1...18_000).contains(messages) else {
            throw ValidationError("--messages takes 1 to 18000")
        }
        guard (1...1_000).contains(conversations) else {
            throw ValidationError("--conversations takes 1 to 1000")
        }
    }

    func act() async throws -> ExitStatus {
        let saved = try SavedCredentials(contentsOf: credentials)
        guard let key = saved.integration else {
            throw CommandFailure("The credentials have no integration.", status: .usage)
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "docket-load-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let places = try await open(saved.server, key)
        let nowhere = Server(host: "127.0.0.1", port: 1, trust: saved.server.trust)
        var report = LoadReport()
        report.rateName = "sent_per_second"
        let queueing = try await with(folder, nowhere, key) { client in
            try await queue(0..<messages, in: places.map(client.conversation))
        }
        report.extra["queued_per_second"] = Double(messages) / (queueing / .seconds(1))
        let added = messages / 10
        report.elapsed = try await with(folder, saved.server, key) { client in
            let began = ContinuousClock.now
            let places = places.map(client.conversation)
            async let late = queue(messages..<messages + added, in: places)
            _ = try await late
            for await summary in client.outbox.summaries where summary.waiting == 0 { break }
            return began.duration(to: .now)
        }
        report.count = UInt64(messages + added)
        report.errors = UInt64(try await misplaced(places, saved.server, key))
        try report.write(asJSON: json)
        return report.errors == 0 ? .done : .refused
    }

    /// Opens the conversations.
    private func open(_ server: Server, _ key: Credential) async throws -> [ConversationID] {
        try await DocketClient.withClient(to: server, as: key) { client in
            var places: [ConversationID] = []
            for index in 0..<conversations {
                let contact = try await client.contacts.ensure(
                    externalID: "load-\(UUID().uuidString)",
                    name: "Load \(index)"
                )
                let place = try await client.openConversation(channel: "chat", for: contact.id)
                places.append(place.id)
            }
            return places
        }
    }

    /// Does something with a client of the profile.
    private func with<Value>(
        _ folder: String,
        _ server: Server,
        _ key: Credential,
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        let profile = try Profile.open(at: folder)
        let client = try await DocketClient.open(profile, to: server, as: key)
        defer {
            client.close()
            profile.close()
        }
        return try await body(client)
    }

    /// Queues messages, each conversation's in order; gives how long that took.
    private func queue(
        _ numbers: Range<Int>,
        in places: [Conversation]
    ) async throws -> Duration {
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, place) in places.enumerated() {
                group.addTask {
                    for number in numbers where number % places.count == index {
                        _ = try await place.send("\(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
        return began.duration(to: .now)
    }

    /// How many messages are not where they belong.
    private func misplaced(
        _ places: [ConversationID],
        _ server: Server,
        _ key: Credential
    ) async throws -> Int {
        try await DocketClient.withClient(to: server, as: key) { client in
            var misplaced = 0
            for (index, place) in places.enumerated() {
                let all = 0..<messages + messages / 10
                let expected = all.filter { $0 % places.count == index }.map { "\($0)" }
                let texts = try await texts(of: client.conversation(place))
                let same = zip(texts, expected).count(where: { $0.0 == $0.1 })
                misplaced += max(texts.count, expected.count) - same
            }
            return misplaced
        }
    }

    private func texts(of conversation: Conversation) async throws -> [String] {
        var texts: [String] = []
        var place = HistoryPlace.after(0)
        while true {
            let page = try await conversation.history(place, limit: 200)
            for event in page.events {
                if case .messagePosted(let message) = event.fact { texts.append(message.text) }
            }
            guard page.hasMore else { return texts }
            place = .after(page.range.upperBound)
        }
    }
}
