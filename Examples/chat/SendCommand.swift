internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// How far a message must have got before a command ends.
enum WaitArgument: String, ExpressibleByArgument, CaseIterable {
    /// The server has stored it.
    case accepted
    /// It is kept on this machine.
    case queued
}

/// Sends one message and ends with its verdict.
struct SendCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message and wait until it is stored.",
        discussion: """
            Without TEXT the message is read from standard input. It is kept on this
            machine first and sent as soon as that is possible, by this or any later
            docket-chat; if it is not confirmed in time, the exit status is 3. The same
            --id with the same text is the same message: it is stored once.

              docket-chat send "It prints blank pages"
              docket-chat send "It prints blank pages" --wait queued
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var said: TextArgument

    @Option(help: "The request's title, if the message opens one. Some channels require it.")
    var title: String?

    @Option(
        help: """
            The number of your request that it continues, of whichever age. One that is over \
            for good is followed by a new one, linked to it. Without it: the newest.
            """
    )
    var request: UInt64?

    @Option(help: "The message's id, a UUID of version 7.")
    var id: String?

    @Option(help: "Until when to wait: 'accepted' by the server, or 'queued' on this machine.")
    var wait = WaitArgument.accepted

    @Option(help: "Seconds to wait for confirmation.")
    var timeout = 60

    @Flag(help: "Write the verdict as JSON.")
    var json = false

    func validate() throws {
        guard id.map({ MessageID($0) != nil }) ?? true else {
            throw ValidationError("--id takes a UUID")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: request != nil) { customer in
            let text = try await MessageText.given(said.text)
            let id = self.id.flatMap { MessageID($0) } ?? MessageID()
            let limit = Duration.seconds(timeout)
            let (conversation, continued) = try await place(of: customer, within: limit)
            let message: SharedMessage
            do throws(EnqueueError) {
                message = try await customer.shared.send(
                    text,
                    in: conversation,
                    continuing: continued,
                    title: title,
                    id: id
                )
            } catch {
                throw CommandFailure(error)
            }
            guard wait == .accepted else {
                return try end(with: .queued(because: nil), of: id, isEnough: true)
            }
            let outcome = await message.outcome(within: limit)
            try await settle(outcome, of: message, for: customer)
            return try end(with: outcome, of: id, isEnough: false)
        }
    }

    /// Where the message goes.
    private func place(
        of customer: Customer,
        within limit: Duration
    ) async throws(CommandFailure) -> (Conversation, RequestID?) {
        if let request {
            let (conversation, id) = try await customer.conversation(ofRequest: request)
            return (conversation, id)
        }
        if let known = try customer.knownConversation() { return (known, nil) }
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

    private func end(
        with outcome: SendOutcome,
        of id: MessageID,
        isEnough: Bool
    ) throws -> ExitStatus {
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

/// How a message stands at the end of the command that sent it, in words.
struct MessageEnding {
    /// What is told where all went well.
    let words: String
    /// What was done, as the beginning of a sentence on what went wrong afterwards.
    let done: String
    /// How the command fails; nil where it does not.
    let failure: CommandFailure?

    /// Describes how a message stands.
    ///
    /// - Parameters:
    ///   - outcome: How it stands.
    ///   - id: The message.
    ///   - isEnough: Whether it was only to be kept.
    init(_ outcome: SendOutcome, of id: MessageID, isEnough: Bool) {
        switch outcome {
        case .delivered(let receipt):
            words = "stored as message \(receipt.sequence) of request \(receipt.requestNumber)"
            done = "The message is \(words) but this"
            failure = nil
        case .queued where isEnough:
            words = "queued as \(id)"
            done = "The message is \(words) but this"
            failure = nil
        default:
            words = ""
            done = "The message has a verdict but it"
            failure = CommandFailure(unsettled: outcome, id)
        }
    }
}

extension CommandFailure {
    /// Describes a message that the server has not stored.
    fileprivate init(unsettled outcome: SendOutcome, _ id: MessageID) {
        let list = "See what waits: docket-chat outbox list"
        switch outcome {
        case .refused(let refusal):
            self.init(
                "refused (\(refusal.reason)): \(refusal.message)",
                advice: refusal.adviceForCustomer ?? "",
                status: .refused
            )
        case .failed(let refusal):
            self.init(
                "the server fails at it (\(refusal.reason)): \(refusal.message)",
                advice: "It may have arrived. Try again: docket-chat outbox retry \(id)",
                status: .unconfirmed
            )
        case .expired:
            self.init("it has waited too long", advice: list, status: .unconfirmed)
        case .waiting(let obstacle):
            self.init("it waits behind message \(obstacle)", advice: list, status: .refused)
        case .discarded:
            self.init("it was taken out of the outbox", status: .refused)
        case .queued(let error):
            let reason = error.map { ": \($0.message)" } ?? ""
            let needsPerson = [.needsLogin, .otherPrincipal].contains(error?.code)
            self.init(
                "queued as \(id), not confirmed in time\(reason)",
                advice: "The next docket-chat goes on with it. \(list)",
                status: needsPerson ? .notSignedIn : .unconfirmed
            )
        case .delivered:
            self.init("it is stored", status: .done)
        }
    }
}
