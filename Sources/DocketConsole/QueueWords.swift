public import DocketClient

/// Where a queued message stands, in words.
public struct QueueWords: Hashable, Sendable {
    /// The words.
    public let words: String
    /// Whether it leaves without anybody doing anything.
    public let leavesByItself: Bool
    /// The words without ids, and with what the server has said.
    public let summary: String
    /// Whether somebody has to decide what becomes of it; what waits behind it need not be decided.
    public let needsSomebody: Bool
    /// Whether it waits behind one of those.
    let isBehind: Bool
    /// The word for programs.
    let key: String

    /// Describes where a message stands.
    public init(_ state: QueueState) {
        (key, words, leavesByItself, needsSomebody) =
            switch state {
            case .waiting: ("waiting", "waiting", true, false)
            case .sending: ("sending", "sending", true, false)
            case .refused(let refusal): ("refused", "refused: \(refusal.reason)", false, true)
            case .failed(let refusal): ("failed", "failed: \(refusal.reason)", false, true)
            case .expired: ("expired", "expired", false, true)
            case .blocked(let obstacle): ("blocked", "waits behind \(obstacle)", false, false)
            }
        isBehind = key == "blocked"
        summary =
            switch state {
            case .waiting: "waits to be sent"
            case .sending: "is being sent"
            case .refused(let refusal): "was refused (\(refusal.reason)): \(refusal.message)"
            case .failed(let refusal): "has failed (\(refusal.reason)): \(refusal.message)"
            case .expired: "has waited too long"
            case .blocked: "waits behind the one that was not sent"
            }
    }
}
