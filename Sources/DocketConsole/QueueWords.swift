public import DocketClient

/// Where a queued message stands, in words.
public struct QueueWords: Hashable, Sendable {
    /// The words.
    public let words: String
    /// Whether it leaves without anybody doing anything.
    public let leavesByItself: Bool
    /// The word for programs.
    let key: String

    /// Describes where a message stands.
    public init(_ state: QueuedMessage.State) {
        (key, words, leavesByItself) =
            switch state {
            case .waiting: ("waiting", "waiting", true)
            case .sending: ("sending", "sending", true)
            case .refused(let refusal): ("refused", "refused: \(refusal.reason)", false)
            case .failed(let refusal): ("failed", "failed: \(refusal.reason)", false)
            case .expired: ("expired", "expired", false)
            case .blocked(let obstacle): ("blocked", "waits behind \(obstacle)", false)
            }
    }
}
