/// Why the store did not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
    /// There is no room left. Nothing of the transaction took effect; reads go on, and the same
    /// transaction may succeed later.
    case full
    /// Reading or writing failed before the commit was tried: nothing of the transaction took
    /// effect. What the disk holds is no longer certain, so the process has to stop.
    case ioFailure(String)
    /// The commit was tried and failed: whether it took effect is known only after a recovery, so
    /// the process has to stop.
    case commitFailed(String)
    /// The store's content contradicts itself.
    case corrupted(String)
    /// One thing in the store cannot be made out; everything else goes on.
    case damaged(String)
    /// Another process uses the store. Nothing of the transaction took effect, and it may succeed
    /// later.
    case locked
    /// The store was written by a newer version of the software.
    case superseded
    /// The store runs with settings under which it would lose what it acknowledged.
    case unsafeSettings(String)
    /// This kind of store cannot do this.
    case unsupported

    /// The error where something damaged cannot be gone on without.
    package var withoutIsolation: StoreError {
        if case .damaged(let text) = self { .corrupted(text) } else { self }
    }

    /// Whether the process has to stop: because what is durable is no longer known, or because the
    /// same will fail for ever.
    package var isFatal: Bool {
        switch self {
        case .full, .locked, .damaged: false
        case .ioFailure, .commitFailed, .corrupted, .superseded, .unsafeSettings, .unsupported:
            true
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What happened, as an operator may read it.
    package var description: String {
        switch self {
        case .full: "the disk is full"
        case .ioFailure(let text), .commitFailed(let text): "the disk fails: \(text)"
        case .corrupted(let text): "the store is damaged: \(text)"
        case .damaged(let text): "a part of the store is damaged: \(text)"
        case .locked: "another process uses the store"
        case .superseded: "a newer version of docketd wrote the store; run that version"
        case .unsafeSettings(let text): "the store would not be durable: \(text)"
        case .unsupported: "this store cannot do that"
        }
    }
}
