internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// What a customer may type about messages that the server has not taken.
struct StoppedMessages: Sendable {
    private let customer: Customer

    /// The messages of a customer's conversation.
    init(in customer: Customer) {
        self.customer = customer
    }

    /// The commands of the prompt.
    var commands: [PromptCommand] {
        [
            PromptCommand("/outbox", help: "lists what waits to be sent") { _ in
                await result(of: { () async throws(DocketClientError) in try await list() })
            },
            PromptCommand("/retry", help: "sends what was refused again") { _ in
                await result(of: { () async throws(DocketClientError) in try await retry() })
            },
            PromptCommand("/discard", help: "gives up what was refused") { _ in
                await result(of: { () async throws(DocketClientError) in try await discard() })
            },
            PromptCommand("/reconnect", help: "tries to connect now") { _ in
                customer.client.reconnectNow()
                return .tell([])
            },
        ]
    }

    private func result(
        of action: () async throws(DocketClientError) -> [TerminalText]
    ) async -> PromptCommand.Effect {
        do throws(DocketClientError) {
            return .tell(try await action())
        } catch {
            return .fail(customer.failure(error))
        }
    }

    private func list() async throws(DocketClientError) -> [TerminalText] {
        let messages = try await customer.shared.queued()
        guard !messages.isEmpty else { return ["Nothing waits."] }
        return messages.map { "“\($0.excerpt)” \(QueueWords($0.state).summary)" }
    }

    /// The first message about which somebody has to decide: the others wait behind it.
    private func first() async throws(DocketClientError) -> QueuedMessage? {
        try await customer.shared.queued().first { QueueWords($0.state).needsSomebody }
    }

    private func retry() async throws(DocketClientError) -> [TerminalText] {
        guard let message = try await first() else { return ["Nothing was refused."] }
        do throws(EnqueueError) {
            _ = try await customer.shared.retry(message.id)
        } catch {
            throw DocketClientError(error)
        }
        return ["Sent again: “\(message.excerpt)”"]
    }

    private func discard() async throws(DocketClientError) -> [TerminalText] {
        guard let message = try await first() else { return ["Nothing was refused."] }
        do throws(EnqueueError) {
            try await customer.shared.discard(message.id)
        } catch {
            throw DocketClientError(error)
        }
        return ["Given up: “\(message.excerpt)”"]
    }
}
