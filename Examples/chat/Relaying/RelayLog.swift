internal import DocketClient

/// Decides what the operator of a relay is told of how it stands.
struct RelayLog: Sendable {
    /// The first lag that is told, in seconds; then each that is twice as long.
    static let firstLag: Int64 = 60

    private var parked = 0
    private var trouble: DocketClientError?
    private var nextLag = Self.firstLag

    /// Nothing was told yet.
    init() {}

    /// Decides which lines are due.
    ///
    /// - Parameter condition: How the relay stands.
    /// - Returns: The lines.
    mutating func lines(for condition: RelayCondition) -> [String] {
        var lines: [String] = []
        if condition.parked > parked {
            let order = #"{"id":"1","command":"parked"}"#
            lines.append(
                condition.parked == 1
                    ? "1 message stands still: see it with \(order)"
                    : "\(condition.parked) messages stand still: see them with \(order)"
            )
        }
        if let current = condition.trouble, current != trouble {
            lines.append("nothing goes on: \(current.message)")
        }
        (parked, trouble) = (condition.parked, condition.trouble)
        if let line = lagLine(for: condition) { lines.append(line) }
        return lines
    }

    private mutating func lagLine(for condition: RelayCondition) -> String? {
        let lag = condition.lag.components.seconds
        guard lag >= Self.firstLag else {
            guard nextLag > Self.firstLag else { return nil }
            nextLag = Self.firstLag
            return "no message of the desk waits longer than \(Self.firstLag) s any more"
        }
        guard lag >= nextLag else { return nil }
        while nextLag <= lag, nextLag < Int64.max / 2 { nextLag *= 2 }
        return "the oldest of \(condition.outgoing) messages of the desk has waited \(lag) s"
    }
}
