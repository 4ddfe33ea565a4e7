internal import DocketClient

/// Which of the messages that stand still the program has not been told of.
struct ParkedNews: Sendable {
    /// A message that stands still, since when it does.
    private struct Standing: Hashable {
        let message: MessageID
        let since: Timestamp?
    }

    private var told: Set<Standing> = []

    /// Nobody was told of anything.
    init() {}

    /// Picks those that are news; they are told from now on.
    ///
    /// - Parameter parked: All that stand still.
    /// - Returns: The news, in order.
    mutating func news(in parked: [ParkedMessage]) -> [ParkedMessage] {
        let all = parked.map { (Standing(message: $0.message, since: $0.since), $0) }
        defer { told = Set(all.map(\.0)) }
        return all.filter { !told.contains($0.0) }.map(\.1)
    }
}
