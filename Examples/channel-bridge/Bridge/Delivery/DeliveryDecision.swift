/// What is to be done with an answer after an attempt to deliver it.
enum DeliveryDecision: Hashable, Sendable {
    /// It is delivered; those whom the server refused for good are told, with the reasons.
    case confirm(refused: [String: String])
    /// It is tried again after some time, for the reason given.
    case retry(after: Duration, String)
    /// It cannot be delivered, for this reason.
    case fail(String)
}

/// How often and how long a mail is tried.
struct DeliveryPatience: Hashable, Sendable {
    /// How long the first wait is.
    var firstWait = Duration.seconds(30)
    /// How long a wait is at most.
    var longestWait = Duration.seconds(3_600)
    /// How old a mail may get: what RFC 5321, section 4.5.4.1 gives to a mail server.
    var everything = Duration.seconds(5 * 86_400)

    /// The wait after an attempt: twice as long each time.
    func wait(after attempt: Int) -> Duration {
        // Ten doublings of any wait that makes sense are longer than the longest.
        let doublings = max(0, min(attempt - 1, 20))
        return min(firstWait * (1 << doublings), longestWait)
    }

    /// Decides after an attempt.
    ///
    /// - Parameters:
    ///   - verdict: What became of it.
    ///   - earlier: Those for whom earlier attempts were accepted.
    ///   - attempt: Which attempt it was, from 1.
    ///   - age: How long the answer waits already.
    /// - Returns: What to do.
    func decision(
        _ verdict: DeliveryVerdict,
        earlier: [String],
        attempt: Int,
        age: Duration
    ) -> DeliveryDecision {
        let isAccepted = !verdict.accepted.isEmpty || !earlier.isEmpty
        if !verdict.postponed.isEmpty {
            let reason = Self.words(for: verdict.postponed)
            guard age >= everything else { return .retry(after: wait(after: attempt), reason) }
            let all = verdict.postponed.merging(verdict.refused) { first, _ in first }
            return isAccepted ? .confirm(refused: all) : .fail("given up: \(Self.words(for: all))")
        }
        return isAccepted
            ? .confirm(refused: verdict.refused) : .fail(Self.words(for: verdict.refused))
    }

    /// Who is concerned and why, in the order of the addresses.
    static func words(for reasons: [String: String]) -> String {
        reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            .joined(separator: "; ")
    }
}
