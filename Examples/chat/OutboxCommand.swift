internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// What waits to be sent.
struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "List, retry, discard or send what waits on this machine.",
        subcommands: [
            OutboxListCommand.self, OutboxRetryCommand.self, OutboxDiscardCommand.self,
            OutboxFlushCommand.self,
        ]
    )
}

/// Something that waits.
struct Waiting {
    let id: CommandID
    let queuedAt: Timestamp
    let state: QueueState
    let text: String
    /// The same for programs.
    let line: JSONLine
}

extension Customer {
    /// What waits, the oldest first; other programs may have queued more than messages.
    func waiting() async throws(CommandFailure) -> [Waiting] {
        do throws(DocketClientError) {
            let messages = try await shared.queued().map { message in
                Waiting(
                    id: CommandID(creating: message.id),
                    queuedAt: message.queuedAt,
                    state: message.state,
                    text: message.text,
                    line: JSONLine(message)
                )
            }
            let requests = try await shared.queuedRequests().map { request in
                Waiting(
                    id: request.id,
                    queuedAt: request.queuedAt,
                    state: request.state,
                    text: request.title.isEmpty ? request.text : request.title,
                    line: JSONLine(request)
                )
            }
            return (messages + requests).sorted { $0.queuedAt < $1.queuedAt }
        } catch {
            throw failure(error)
        }
    }
}

/// Lists what waits.
struct OutboxListCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what is not delivered yet, the oldest first.",
        discussion: "  docket-chat outbox list"
    )

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            try show(try await customer.waiting())
            return .done
        }
    }

    private func show(_ waiting: [Waiting]) throws {
        let output = OutputWriter.standard
        guard !json else {
            for item in waiting { try output.write(item.line.text() + "\n") }
            return
        }
        guard !waiting.isEmpty else { return try output.writeLine("Nothing waits.") }
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        for line in Self.table(of: waiting).lines(width: width) {
            try output.writeLine(line, styled: isTerminal)
        }
    }

    private static func table(of waiting: [Waiting]) -> TextTable {
        var table = TextTable(columns: [
            .init("ID", importance: .key), .init("QUEUED", importance: .useful), .init("STATE"),
            .init("TEXT"),
        ])
        for item in waiting {
            table.append([
                "\("\(item.id)")", "\(LocalCalendar.current.stamp(of: item.queuedAt))",
                "\(QueueWords(item.state).words)", "\(item.text)",
            ])
        }
        return table
    }
}

/// Tries a message again.
struct OutboxRetryCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send a message again that was refused, has failed or has expired.",
        discussion: "  docket-chat outbox retry ID"
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The message's id.")
    var id: String

    func validate() throws {
        guard MessageID(id) != nil else { throw ValidationError("ID is a UUID") }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            guard let id = MessageID(id) else { throw CommandFailure(noSuchMessage: self.id) }
            let renewed: MessageID?
            do throws(EnqueueError) {
                renewed = try await customer.shared.retry(id)
            } catch {
                throw CommandFailure(error)
            }
            guard let renewed else { throw CommandFailure(noSuchMessage: self.id) }
            try OutputWriter.standard.writeLine("queued as \("\(renewed)")")
            return .done
        }
    }
}

/// Gives a message up.
struct OutboxDiscardCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give a message up; one that may have been sent can still arrive.",
        discussion: "  docket-chat outbox discard ID"
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The message's id.")
    var id: String

    func validate() throws {
        guard MessageID(id) != nil else { throw ValidationError("ID is a UUID") }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            guard let id = MessageID(id) else { throw CommandFailure(noSuchMessage: self.id) }
            let isFound: Bool
            do throws(EnqueueError) {
                isFound = try await customer.shared.discard(id)
            } catch {
                throw CommandFailure(error)
            }
            guard isFound else { throw CommandFailure(noSuchMessage: self.id) }
            try OutputWriter.standard.writeLine("discarded")
            return .done
        }
    }
}

/// Sends what waits.
struct OutboxFlushCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Wait until nothing is left that can be sent.",
        discussion: "  docket-chat outbox flush --timeout 600"
    )
    /// The time between two looks at what waits.
    private static let interval = Duration.milliseconds(100)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Seconds to try.")
    var timeout = 60

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            let end = ContinuousClock.now + .seconds(timeout)
            while true {
                let waiting = try await customer.waiting()
                if waiting.isEmpty { return .done }
                let leaving = waiting.filter { QueueWords($0.state).leavesByItself }
                guard !leaving.isEmpty, ContinuousClock.now < end else {
                    throw CommandFailure(
                        "\(waiting.count) not delivered",
                        advice: "See what waits: docket-chat outbox list",
                        status: leaving.isEmpty ? .refused : .unconfirmed
                    )
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }
}

extension CommandFailure {
    /// Describes that no message of an id waits.
    fileprivate init(noSuchMessage id: String) {
        self.init(
            "no message \(id) waits",
            advice: "See what waits: docket-chat outbox list",
            status: .notFound
        )
    }
}
