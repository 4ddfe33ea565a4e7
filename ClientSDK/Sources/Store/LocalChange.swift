/// A change of what a client keeps; the changes of one commit take effect together or not at all.
enum LocalChange: Sendable {
    /// A command is queued, with its encoded call.
    case queue(QueuedCommand, call: [UInt8])
    /// A file of a command that is queued in the same commit; its content is in the spool.
    case queueFile(QueuedFile)
    /// A file is uploaded under another id.
    case renewFile(AttachmentID, as: AttachmentID)
    /// The command at a position may be sent from now on.
    case maySend(UInt64)
    /// The command at a position leaves no more by itself.
    case stop(UInt64, QueuedCommand.Stop)
    /// The command at a position is tried again: as it is, or as another with another id and call.
    case renew(QueuedCommand, call: [UInt8]?)
    /// The command at a position is done with, and so are its files.
    case remove(UInt64)
    /// Everything up to a place of a conversation has been read, of which the server is to be told.
    case mark(ReadMark)
    /// The server has a read mark, or will never take it.
    case forgetMark(ReadMark)
    /// What the client holds of the server's has changed.
    case replica(ReplicaChange)
    /// What a relay keeps has changed.
    case relay(RelayChange)
    /// Whose profile this is, and what signs a guest in again.
    case owner(LocalOwner)
}

/// Whose commands a client keeps.
struct LocalOwner: Hashable, Sendable {
    /// The principal's id.
    let id: PartyID
    /// A guest's secret and name; nil for everybody else.
    let guest: Guest?

    /// What makes a guest, and signs the guest in again.
    struct Guest: Hashable, Sendable {
        /// The secret; `GuestKey.secretLength` bytes.
        let secret: [UInt8]
        /// The name to create the guest with; nil once the server has created it.
        let newName: String?
    }
}

/// What a client had kept when it was opened.
struct LocalContent: Sendable {
    /// Whose it is; nil before anybody has signed in.
    var owner: LocalOwner?
    /// The commands without a verdict, in the order of their positions.
    var commands: [QueuedCommand] = []
    /// The files that these name.
    var files: [QueuedFile] = []
    /// The incoming messages of relays, which have files too.
    var incoming: [QueuedIncoming] = []
    /// The read marks that the server does not have.
    var marks: [ReadMark] = []
    /// How far the replica has got; nil before the first snapshot.
    var cursor: Cursor?
}

/// Why a client cannot keep something.
enum LocalStoreError: Error, Hashable, Sendable {
    /// The disk is full; there may be room later.
    case full
    /// A newer version of this library wrote the file.
    case tooNew
    /// The file is damaged.
    case damaged(String)
    /// The file cannot be read or written.
    case failed(String)
    /// The store was closed.
    case closed
}
