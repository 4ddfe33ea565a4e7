/// Why a message, a request, a ticket or a comment is not kept: nothing was queued, but for
/// `profileBusy`.
public enum EnqueueError: Error, Hashable, Sendable {
    /// What of an outbox is full.
    public enum Bound: Hashable, Sendable {
        /// It holds as many messages and requests as it may.
        case messages(Int)
        /// It holds as many bytes as it may.
        case bytes(Int)
        /// It holds as many bytes of files as it may.
        case files(Int)
        /// It holds the read marks of as many conversations as it may.
        case marks(Int)
        /// So many messages of one contact wait as a relay takes of a contact, behind this one.
        case contact(waiting: Int, first: MessageID)
    }

    /// The outbox is full; there is room once something has been sent or discarded.
    case outboxFull(Bound)
    /// The disk is full.
    case storageFull
    /// It has more bytes than a call may have.
    case tooLarge(limit: Int)
    /// A file, by its name, has more bytes than a file may have.
    case attachmentTooLarge(String, limit: Int)
    /// A file cannot be read; for a person.
    case attachmentUnreadable(String)
    /// A file, by its name, could not be uploaded by a process beside the profile's holder; why,
    /// for a person.
    case attachmentUnsent(String, String)
    /// Something else with this id waits already.
    case keyReused
    /// It is not as it must be, whatever the desk says; for a person.
    case invalid(String)
    /// The local store cannot be written; for a person.
    case storageFailed(String)
    /// The profile belongs to somebody else than who signed in.
    case otherPrincipal(String)
    /// The process with this id has the profile and does not answer; nil where the system does not
    /// say which it is. It may be queued: send it again with its id.
    case profileBusy(processID: Int32?)
    /// The client was closed.
    case closed
}

extension EnqueueError: CustomStringConvertible {
    /// What happened, and what to do about it.
    public var description: String {
        switch self {
        case .outboxFull(.messages(let limit)):
            "the outbox holds \(limit) messages and requests, its limit: wait, or discard some"
        case .outboxFull(.bytes(let limit)):
            "the outbox holds \(limit) bytes, its limit: wait, or discard some"
        case .outboxFull(.files(let limit)):
            "the outbox holds \(limit) bytes of files, its limit: wait, or discard some messages"
        case .outboxFull(.marks(let limit)):
            "read marks of \(limit) conversations wait to be sent, the limit: mark again later"
        case .outboxFull(.contact(let waiting, let first)):
            "\(waiting) messages of this contact wait, as many as may, the first of them \(first): "
                + "wait until it is posted, or retry or discard it where it is parked"
        case .attachmentTooLarge(let name, let limit):
            "\(name) is too large: a file has at most \(limit) bytes"
        case .attachmentUnreadable(let reason): "a file cannot be read: \(reason)"
        case .attachmentUnsent(let name, let reason):
            "\(name) could not be uploaded: \(reason): send it again, or from the process that has "
                + "the profile"
        case .storageFull: "the disk is full: make room, then send again"
        case .tooLarge(let limit): "the call is too long: at most \(limit) bytes"
        case .keyReused: "something else with this id waits already: use a new id"
        case .invalid(let reason): reason
        case .storageFailed(let reason): "it cannot be stored: \(reason)"
        case .otherPrincipal(let reason): reason
        case .profileBusy(let processID?):
            "process \(processID) has the profile and does not answer: end it, then send again "
                + "with the same id"
        case .profileBusy(nil):
            "another process has the profile and does not answer: end it, then send again with the "
                + "same id"
        case .closed: "the client was closed"
        }
    }
}

extension DocketClientError {
    /// What it means for a post that its message cannot be kept.
    public init(_ error: EnqueueError) {
        let code: Code =
            switch error {
            case .outboxFull, .storageFull, .storageFailed: .storage
            case .tooLarge, .attachmentTooLarge, .attachmentUnreadable, .keyReused, .invalid:
                .invalidInput
            case .otherPrincipal: .otherPrincipal
            case .attachmentUnsent: .unreachable
            case .profileBusy: .profileBusy
            case .closed: .closed
            }
        self.init(code, "\(error)")
    }
}

extension DocketClientError {
    /// What it means that the local store cannot be read or written.
    init(_ error: LocalStoreError) {
        switch error {
        case .full: self.init(.storage, "the disk is full")
        case .tooNew: self.init(.storage, "a newer version wrote the profile")
        case .damaged(let what): self.init(.storage, "the profile is damaged: \(what)")
        case .failed(let what): self.init(.storage, "the profile cannot be used: \(what)")
        case .closed: self.init(.closed, "the client was closed")
        }
    }
}

extension EnqueueError {
    /// Says in the outbox's words what the local store has refused.
    init(_ error: LocalStoreError) {
        self =
            switch error {
            case .full: .storageFull
            case .closed: .closed
            case .tooNew: .storageFailed("a newer version wrote the profile")
            case .damaged(let what), .failed(let what): .storageFailed(what)
            }
    }
}
