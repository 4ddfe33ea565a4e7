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
            if let last = passed[pair], Self.isRecent(last, at: now) { return false }
            if passed.count >= limit {
                passed = passed.filter { Self.isRecent($0.value, at: now) }
            }
            guard passed.count < limit else { return false }
            passed[pair] = now
            return true
        }
    }

    /// Whether a signal passed just now; one in the future passed before the clock was set back.
    private static func isRecent(_ last: Timestamp, at now: Timestamp) -> Bool {
        (.zero..<DeskTimes.typing).contains(now.since(last))
    }
}
