internal import Synchronization

/// A message that is kept until the server has given its verdict.
///
/// It is durable from the moment at which somebody has it, and it is sent whether or not anybody
/// waits for the outcome.
public struct PendingMessage: Sendable {
    /// The message's id.
    public let id: MessageID
    let runner: OutboxRunner
    let verdict: PendingVerdict

    /// The message's files and how far they have come; none once it is out of the outbox.
    public var attachments: [QueuedAttachment] { runner.attachments(of: id) }

    /// Waits for the server's verdict, or until the message cannot move by itself.
    ///
    /// - Parameter limit: How long to wait; nil for as long as it takes. The message is sent all
    ///   the same when the time is over.
    /// - Returns: What became of the message so far.
    public func outcome(within limit: Duration? = nil) async -> SendOutcome {
        await runner.outcome(of: id, verdict, within: limit)
    }

    /// Takes the message back, if it has certainly never been sent.
    ///
    /// - Returns: Whether it was taken back. What may have been sent stays, and gets its verdict.
    /// - Throws: Why the message could not be taken out of the local store; then it is still there.
    @discardableResult
    public func cancel() async throws(EnqueueError) -> Bool {
        try await runner.takeBack(id, onlyUnsent: true) == .neverSent
    }
}

/// What became of a message that was sent.
public enum SendOutcome: Hashable, Sendable {
    /// It is stored on the server for good.
    case delivered(Receipt)
    /// The server will never accept it.
    ///
    /// It holds up the later messages of its conversation until somebody retries or discards it.
    case refused(Refusal)
    /// The server has failed at it again and again, or this machine has lost what belongs to it; it
    /// may have arrived.
    ///
    /// It holds up the later messages of its conversation as a refused one does.
    case failed(Refusal)
    /// It may have been sent, and has no verdict thirty days later; it is not sent any more until
    /// somebody retries it.
    ///
    /// It holds up the later messages of its conversation as a refused one does.
    case expired
    /// It waits behind this message, which was refused, has failed or has expired.
    case waiting(behind: MessageID)
    /// Somebody has taken it back or discarded it.
    case discarded
    /// It waits in the outbox, and is sent when that is possible; why it is not, if that is known.
    case queued(because: DocketClientError?)
}

/// A message's last word, for those who hold on to it.
final class PendingVerdict: Sendable {
    private let settled: Mutex<SendOutcome?>

    /// A last word that is known, or is yet to come.
    init(_ outcome: SendOutcome? = nil) {
        settled = Mutex(outcome)
    }

    /// The last word; nil while there is none.
    var outcome: SendOutcome? { settled.withLock { $0 } }

    /// Gives the last word.
    func settle(_ outcome: SendOutcome) {
        settled.withLock { $0 = $0 ?? outcome }
    }
}
