/// Where a test ends the process, to see what is left of a command.
package enum OutboxFailpoint: String, CaseIterable, Sendable {
    /// The files of a command are in the spool, and the command is not kept.
    case spooled
    /// Before a command is kept.
    case beforeKept = "before_kept"
    /// A command is kept, and nobody has been told.
    case kept
    /// It is kept that a command may be sent; it has not been sent.
    case marked
    /// A verdict has come and is not kept.
    case answered
    /// A verdict is kept, and nobody has been told.
    case settled
    /// A part of a file has been sent.
    case chunkSent = "chunk_sent"
    /// The server has all of a file, and nobody has been told.
    case uploaded
    /// Before a read mark is kept.
    case beforeMarkKept = "before_mark_kept"
    /// A read mark is kept, and nobody has been told.
    case markKept = "mark_kept"
    /// The server has a read mark, and the store has not forgotten it.
    case markAnswered = "mark_answered"
    /// The store has forgotten a read mark that the server has.
    case markSettled = "mark_settled"

    /// Those on the way of a read mark; the others are on the way of a message.
    package static let ofMarks: Set<OutboxFailpoint> = [
        .beforeMarkKept, .markKept, .markAnswered, .markSettled,
    ]
}
