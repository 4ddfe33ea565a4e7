/// The server's word that a command took effect, by the kind of the command.
enum Acceptance: Hashable, Sendable {
    /// A message is stored.
    case message(Receipt)
    /// A request was opened, at a place in the log.
    case request(SupportRequest, offset: UInt64)
    /// A ticket was pushed, now or before.
    case ticket(PushedTicket)
    /// A comment is stored.
    case comment(CommentReceipt)

    /// Where the effect stands in the log.
    var offset: UInt64 {
        switch self {
        case .message(let receipt): receipt.offset
        case .request(_, let offset): offset
        case .ticket(let ticket): ticket.offset
        case .comment(let receipt): receipt.offset
        }
    }

    /// What is said of a message; nil of anything else.
    var message: Receipt? {
        if case .message(let receipt) = self { receipt } else { nil }
    }

    /// The request that was opened; nil of anything else.
    var request: SupportRequest? {
        if case .request(let request, _) = self { request } else { nil }
    }

    /// What is said of a ticket; nil of anything else.
    var ticket: PushedTicket? {
        if case .ticket(let ticket) = self { ticket } else { nil }
    }

    /// What is said of a comment; nil of anything else.
    var comment: CommentReceipt? {
        if case .comment(let receipt) = self { receipt } else { nil }
    }
}
