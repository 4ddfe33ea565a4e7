internal import Synchronization

/// A command that is kept until the server has given its verdict: a message, a request, a ticket or
/// a comment.
///
/// It is durable from the moment at which somebody has it, and it is sent whether or not anybody
/// waits for the outcome. `Subject` is what it creates, `Accepted` what the server says of it.
public struct PendingCommand<Subject, Accepted: Hashable & Sendable>: Sendable {
    /// The id of what it creates.
    public let id: Identifier<Subject>
    let runner: OutboxRunner
    let verdict: PendingVerdict
    /// Finds in the server's word what it says of such a command.
    private let reading: @Sendable (Acceptance) -> Accepted?

    init(
        _ id: Identifier<Subject>,
        in runner: OutboxRunner,
        _ verdict: PendingVerdict,
        reading: @escaping @Sendable (Acceptance) -> Accepted?
    ) {
        self.id = id
        self.runner = runner
        self.verdict = verdict
        self.reading = reading
    }

    /// Waits for the server's verdict, or until the command cannot move by itself.
    ///
    /// - Parameter limit: How long to wait; nil for as long as it takes. The command is sent all
    ///   the same when the time is over.
    /// - Returns: What became of the command so far.
    public func outcome(within limit: Duration? = nil) async -> CommandOutcome<Accepted> {
        await runner.outcome(of: CommandID(id), verdict, within: limit).map(reading)
    }

    /// Takes the command back, if it has certainly never been sent.
    ///
    /// - Returns: Whether it was taken back. What may have been sent stays, and gets its verdict.
    /// - Throws: Why the command could not be taken out of the local store; then it is still there.
    @discardableResult
    public func cancel() async throws(EnqueueError) -> Bool {
        try await runner.takeBack(CommandID(id), onlyUnsent: true) == .neverSent
    }
}

/// A message that is kept until the server has given its verdict.
public typealias PendingMessage = PendingCommand<Message, Receipt>
/// A request to be opened, which is kept until the server has given its verdict.
public typealias PendingRequest = PendingCommand<SupportRequest, SupportRequest>
/// A partner's ticket that is kept until the server has given its verdict.
public typealias PendingTicket = PendingCommand<SupportRequest, PushedTicket>
/// A partner's comment that is kept until the server has given its verdict.
public typealias PendingComment = PendingCommand<Message, CommentReceipt>

extension PendingCommand where Subject == Message {
    /// The message's files and how far they have come; none once it is out of the outbox.
    public var attachments: [QueuedAttachment] { runner.attachments(of: CommandID(id)) }
}

/// A command of any kind.
typealias PendingAcceptance = PendingCommand<Command, Acceptance>

extension PendingCommand where Subject == Command, Accepted == Acceptance {
    init(_ id: CommandID, in runner: OutboxRunner, _ verdict: PendingVerdict) {
        self.init(id, in: runner, verdict) { $0 }
    }

    /// The command as what posts a message.
    var message: PendingMessage {
        PendingMessage(MessageID(id), in: runner, verdict) { $0.message }
    }

    /// The command as what opens a request.
    var request: PendingRequest {
        PendingRequest(RequestID(id), in: runner, verdict) { $0.request }
    }

    /// The command as what pushes a ticket.
    var ticket: PendingTicket {
        PendingTicket(RequestID(id), in: runner, verdict) { $0.ticket }
    }

    /// The command as what comments on a ticket.
    var comment: PendingComment {
        PendingComment(MessageID(id), in: runner, verdict) { $0.comment }
    }
}

/// What became of a command that was sent.
public enum CommandOutcome<Accepted: Hashable & Sendable>: Hashable, Sendable {
    /// It has taken effect, for good; what the server says of that.
    case delivered(Accepted)
    /// The server will never accept it.
    ///
    /// It holds up the later messages of its conversation, or comments on its ticket, until
    /// somebody retries or discards it.
    case refused(Refusal)
    /// The server has failed at it again and again, or this machine has lost what belongs to it; it
    /// may have taken effect.
    ///
    /// It holds up what is behind it as a refused one does.
    case failed(Refusal)
    /// It may have been sent, and has no verdict thirty days later; it is not sent any more until
    /// somebody retries it.
    ///
    /// It holds up what is behind it as a refused one does.
    case expired
    /// It waits behind this command, which was refused, has failed or has expired.
    case waiting(behind: CommandID)
    /// Somebody has taken it back or discarded it.
    case discarded
    /// It waits in the outbox, and is sent when that is possible; why it is not, if that is known.
    case queued(because: DocketClientError?)
}

/// What became of a message that was sent.
public typealias SendOutcome = CommandOutcome<Receipt>

extension CommandOutcome {
    /// The same with what the server says in another form.
    func map<Other>(_ reading: (Accepted) -> Other?) -> CommandOutcome<Other> {
        switch self {
        case .delivered(let accepted):
            // The id of a command is in use for one kind at a time.
            reading(accepted).map { .delivered($0) } ?? .discarded
        case .refused(let refusal): .refused(refusal)
        case .failed(let refusal): .failed(refusal)
        case .expired: .expired
        case .waiting(let obstacle): .waiting(behind: obstacle)
        case .discarded: .discarded
        case .queued(let error): .queued(because: error)
        }
    }
}

/// A command's last word, for those who hold on to it.
final class PendingVerdict: Sendable {
    private let settled: Mutex<CommandOutcome<Acceptance>?>

    /// A last word that is known, or is yet to come.
    init(_ outcome: CommandOutcome<Acceptance>? = nil) {
        settled = Mutex(outcome)
    }

    /// The last word; nil while there is none.
    var outcome: CommandOutcome<Acceptance>? { settled.withLock { $0 } }

    /// Gives the last word.
    func settle(_ outcome: CommandOutcome<Acceptance>) {
        settled.withLock { $0 = $0 ?? outcome }
    }
}
