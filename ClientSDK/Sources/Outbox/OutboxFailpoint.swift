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
}
