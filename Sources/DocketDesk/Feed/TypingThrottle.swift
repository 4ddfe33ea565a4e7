internal import DocketDomain
internal import Synchronization

/// Lets one typing signal of a principal in a conversation through every 3 seconds.
final class TypingThrottle: Sendable {
    private struct Pair: Hashable {
        let principal: PrincipalID
        let conversation: ConversationID
    }

    private let passed = Mutex<[Pair: Timestamp]>([:])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether a signal at a moment may pass.
    ///
    /// A full memory forgets whom it need not remember, and if that frees nothing, the signal is
    /// dropped.
    func passes(
        _ principal: PrincipalID,
        in conversation: ConversationID,
        at now: Timestamp
    ) -> Bool {
        passed.withLock { passed in
            let pair = Pair(principal: principal, conversation: conversation)
            if let last = passed[pair], now < last + DeskTimes.typing { return false }
            if passed.count >= limit {
                passed = passed.filter { now < $0.value + DeskTimes.typing }
            }
            guard passed.count < limit else { return false }
            passed[pair] = now
            return true
        }
    }
}
