internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Shows what stands still.
struct ParkedCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "Show the mails and answers that stand still until you decide.",
        discussion: """
            Stop the bridge first: a profile belongs to one process at a time.

              docket-channel-bridge parked --server desk.example:7443 --key-file key
            """
    )

    @OptionGroup var desk: DeskOptions

    func act() async throws -> ExitStatus {
        try await desk.withRelay { _, relay in
            for message in try relay.parked() {
                let way = message.direction == .incoming ? "in" : "out"
                let contact = message.contact?.id ?? "-"
                let behind = message.behind == 0 ? "" : ", \(message.behind) behind it"
                try OutputWriter.standard.writeLine(
                    "\("\(message.message)")  \(way)  \(contact)  \(message.reason)\(behind)"
                )
            }
        }
        return .done
    }
}

/// Lets something go on that stands still.
struct RetryCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Let a mail or an answer go on that stands still."
    )

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The message, as 'parked' shows it.")
    var message: String

    func act() async throws -> ExitStatus {
        let id = try MessageID(named: message)
        return try await desk.withRelay { _, relay in
            try MessageID.found(try await relay.retry(id))
        }
    }
}

/// Gives something up that stands still.
struct DiscardCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give up a mail or an answer that stands still, so that others go on."
    )

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The message, as 'parked' shows it.")
    var message: String

    func act() async throws -> ExitStatus {
        let id = try MessageID(named: message)
        return try await desk.withRelay { _, relay in
            try MessageID.found(try await relay.discard(id))
        }
    }
}

extension MessageID {
    /// The id that somebody typed.
    fileprivate init(named text: String) throws(CommandFailure) {
        guard let id = MessageID(text) else {
            throw CommandFailure(
                "'\(text)' is no message",
                advice: "See them: \(BridgeReport.program) parked",
                status: .usage
            )
        }
        self = id
    }

    /// How a command ends that concerns a message which was there, or was not.
    fileprivate static func found(_ isFound: Bool) throws(CommandFailure) -> ExitStatus {
        guard isFound else {
            throw CommandFailure("no such message stands still", status: .notFound)
        }
        return .done
    }
}
