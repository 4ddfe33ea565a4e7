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
              docket-chat send "See the photo" --file photo.jpg
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var said: TextArgument

    @Option(help: "A file that belongs to it. May be given several times; then TEXT may lack.")
    var file: [String] = []

    @Option(
        help: """
            The request's title, if the message opens one. Some channels require it: agents \
            see which with 'docket channels'.
            """
    )
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
            let files = try file.map { path in try TypedPath(verbatim: path).attachment() }
            let text = files.isEmpty ? try await MessageText.given(said.text) : said.text ?? ""
            let dispatch = MessageDispatch(
                id: id.flatMap { MessageID($0) } ?? MessageID(),
                text: text,
                title: title,
                attachments: files,
                request: request,
                wait: wait,
                limit: .seconds(timeout),
                json: json
            )
            return try await dispatch.send(for: customer)
        }
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
            let next =
                needsPerson
                ? "It stays here: the server does not know you any more."
                : "The next docket-chat goes on with it."
            self.init(
                "queued as \(id), not confirmed in time\(reason)",
                advice: "\(next) \(list)",
                status: needsPerson ? .notSignedIn : .unconfirmed
            )
        case .delivered:
            self.init("it is stored", status: .done)
        }
    }
}
