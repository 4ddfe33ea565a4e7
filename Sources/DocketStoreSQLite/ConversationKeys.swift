internal import DocketDomain
internal import Synchronization

/// Remembers the integer keys of conversations, which never change.
///
/// After a rollback it is emptied, since the rolled-back transaction may have made a conversation
/// whose key is free again.
final class ConversationKeys: Sendable {
    /// How many keys are remembered, at about 40 bytes each; a full memory forgets everything and
    /// fills again with what is in use.
    private static let limit = 65_536

    private let keys = Mutex<[ConversationID: Int64]>([:])

    subscript(conversation: ConversationID) -> Int64? {
        get { keys.withLock { $0[conversation] } }
        set {
            keys.withLock { keys in
                if keys.count >= Self.limit { keys = [:] }
                keys[conversation] = newValue
            }
        }
    }

    /// Forgets everything.
    func forget() { keys.withLock { $0 = [:] } }
}
