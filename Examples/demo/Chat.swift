internal import DocketClient
internal import Foundation

/// One dialogue as a live chat between a customer's and an agent's client.
struct Chat {
    /// What the demo found was not as it must be.
    struct Difference: Error, CustomStringConvertible {
        let description: String
    }

    /// One public line as it was said.
    struct Said: Equatable {
        let id: MessageID
        let text: String
    }

    let dialogue: Dialogue
    let server: Server
    let agent: DocketClient

    /// Plays the dialogue.
    ///
    /// `interrupt` is called once, in the middle.
    func play(interrupt: @escaping () async throws -> Void) async throws {
        let customer = try await DocketClient.connect(
            to: server,
            as: .newGuest(name: "Customer \(dialogue.number)")
        )
        defer { customer.close() }
        let conversation = try await customer.openConversation(channel: "chat")
        let seen = Transcript()
        let feed = customer.feed(from: .beginning)
        let reader = Task { try await seen.follow(feed) }
        defer { reader.cancel() }
        let lines = dialogue.chatOrder
        var said: [Said] = []
        var request: RequestID?
        for (index, line) in lines.enumerated() {
            if index == lines.count / 2 { try await interrupt() }
            switch line.speaker {
            case .customer:
                let receipt = try await post(line.text, to: conversation, &said)
                request = receipt.requestID
            case .agent:
                _ = try await post(line.text, to: agent.conversation(conversation.id), &said)
            case .action:
                guard let request else { continue }
                _ = try await agent.requests.note(line.text, on: request)
            }
        }
        if let request { _ = try await agent.requests.finish(request) }
        try await check(said, in: conversation, seenBy: seen)
    }

    private func post(
        _ text: String,
        to conversation: Conversation,
        _ said: inout [Said]
    ) async throws -> Receipt {
        let id = MessageID()
        switch try await conversation.post(text, id: id) {
        case .posted(let receipt):
            said.append(Said(id: id, text: text))
            return receipt
        case .refused(let refusal):
            throw Difference(description: "a message was refused: \(refusal.reason)")
        }
    }

    /// Compares what was said with the customer's history and with what the feed showed.
    private func check(
        _ said: [Said],
        in conversation: Conversation,
        seenBy seen: Transcript
    ) async throws {
        let history = try await conversation.history(.newest, limit: 200)
        let kept = history.events.compactMap(Said.init)
        guard kept == said else {
            throw Difference(
                description: "the history has \(kept.count) messages, \(said.count) were said"
            )
        }
        try await seen.waitFor(said.count)
        guard await seen.said == said else {
            throw Difference(description: "the feed did not show what was said, in its order")
        }
        let notes = history.events.filter { event in
            if case .notePosted = event.fact { true } else { false }
        }
        guard notes.isEmpty else {
            throw Difference(description: "the customer sees a note")
        }
    }
}

extension Chat.Said {
    /// The message of an event, if it is one.
    init?(_ event: Event) {
        guard case .messagePosted(let message) = event.fact else { return nil }
        self.init(id: message.id, text: message.text)
    }
}

/// What a customer sees as it comes.
actor Transcript {
    /// How long the last messages may be under way.
    private static let patience = Duration.seconds(30)

    /// The messages, in the order in which they came.
    private(set) var said: [Chat.Said] = []

    /// Shows a feed until it ends.
    func follow(_ feed: Feed) async throws {
        for try await update in feed {
            guard case .event(let event) = update.content else { continue }
            show(event)
            if let message = Chat.Said(event) { said.append(message) }
        }
    }

    private func show(_ event: Event) {
        let name = event.actor?.name ?? "Docket"
        switch event.fact {
        case .messagePosted(let message): Output.line("  \(name): \(message.text)")
        case .statusChanged(let change):
            Output.line("  -- \(change.statusNameForContact ?? change.to)")
        case .requestAssigned(let party, _):
            Output.line("  -- \(party?.name ?? "nobody") has the request")
        case .notePosted: Output.line("  -- a note")
        default: break
        }
    }

    /// Waits until so many messages have come.
    func waitFor(_ count: Int) async throws {
        let end = ContinuousClock.now + Self.patience
        while said.count < count {
            guard ContinuousClock.now < end else {
                throw Chat.Difference(
                    description: "the feed showed \(said.count) of \(count) messages"
                )
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
