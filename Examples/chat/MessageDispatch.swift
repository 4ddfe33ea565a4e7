internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// One message that a command sends, and how the command ends with it.
struct MessageDispatch {
    /// The time between two looks at how far its files have come.
    private static let interval = Duration.milliseconds(200)

    /// The message's id.
    let id: MessageID
    /// What it says.
    let text: String
    /// The title of the request, if it opens one.
    let title: String?
    /// Its files.
    let attachments: [AttachmentDraft]
    /// The number of the request that it continues; nil for the newest.
    let request: UInt64?
    /// Until when to wait.
    let wait: WaitArgument
    /// How long to wait.
    let limit: Duration
    /// Whether the verdict is written as JSON.
    let json: Bool

    /// Sends the message, and tells what became of it.
    ///
    /// - Parameter customer: Who says it.
    /// - Returns: How the command ends.
    /// - Throws: `CommandFailure` where the message is not stored.
    func send(for customer: Customer) async throws -> ExitStatus {
        let (conversation, continued) = try await place(of: customer)
        let message: SharedMessage
        do throws(EnqueueError) {
            message = try await customer.shared.send(
                text,
                in: conversation,
                continuing: continued,
                title: title,
                attachments: attachments,
                id: id
            )
        } catch {
            throw try failure(error)
        }
        guard wait == .accepted else {
            return try end(with: .queued(because: nil), isEnough: true)
        }
        let outcome = await outcome(of: message, for: customer)
        try await settle(outcome, of: message, for: customer)
        return try end(with: outcome, isEnough: false)
    }

    /// Why the message is not sent for all that is known; a holder that does not answer may have
    /// it, and then only the same id finds out.
    private func failure(_ error: EnqueueError) throws -> CommandFailure {
        guard case .profileBusy = error else { return CommandFailure(error) }
        if json {
            let line = JSONLine(noVerdictOn: id, DocketClientError(error))
            try OutputWriter.standard.write(line.text() + "\n")
        }
        return CommandFailure(
            "\(error)",
            advice: "It may be kept all the same. The same command with --id \(id) sends it once.",
            status: .tryAgainLater
        )
    }

    /// Waits for the verdict, and shows meanwhile how far the files have come.
    private func outcome(of message: SharedMessage, for customer: Customer) async -> SendOutcome {
        guard !attachments.isEmpty else { return await message.outcome(within: limit) }
        let line = ProgressLine()
        let watch = Task {
            while !Task.isCancelled {
                guard let queued = try? await customer.shared.queued() else { break }
                line.show(queued.first { $0.id == id }?.attachments ?? [])
                guard (try? await Task.sleep(for: Self.interval)) != nil else { break }
            }
        }
        let outcome = await message.outcome(within: limit)
        watch.cancel()
        await watch.value
        line.end()
        return outcome
    }

    /// Where the message goes.
    private func place(
        of customer: Customer
    ) async throws(CommandFailure) -> (Conversation, RequestID?) {
        if let request {
            let (conversation, id) = try await customer.conversation(ofRequest: request)
            return (conversation, id)
        }
        if let known = try customer.knownConversation() { return (known, nil) }
        // Only the server opens a conversation, and whoever waits for nothing is told at once.
        if wait == .queued, await customer.isAway {
            throw CommandFailure(
                "\(customer.server) is away, and the first message on a channel needs it",
                advice: "Try again when it answers; later messages are kept without it.",
                status: .unreachable
            )
        }
        return (try await customer.openConversation(within: limit), nil)
    }

    /// A refusal is told by this command, so that it need not hold up what is sent later.
    private func settle(
        _ outcome: SendOutcome,
        of message: SharedMessage,
        for customer: Customer
    ) async throws(CommandFailure) {
        guard case .refused(let refusal) = outcome else { return }
        do throws(EnqueueError) {
            try await customer.shared.discard(message.id)
        } catch {
            throw CommandFailure(error)
        }
        if refusal.reason == "not_found", request == nil { try customer.forgetConversation() }
    }

    private func end(with outcome: SendOutcome, isEnough: Bool) throws -> ExitStatus {
        let output = OutputWriter.standard
        let ending = MessageEnding(outcome, of: id, isEnough: isEnough)
        if json {
            try CommandFailure.telling(ending.done) {
                try output.write(JSONLine(standingOf: id, outcome).text() + "\n")
            }
        }
        if let failure = ending.failure { throw failure }
        if !json {
            try CommandFailure.telling(ending.done) { try output.writeLine("\(ending.words)") }
        }
        return .done
    }
}
