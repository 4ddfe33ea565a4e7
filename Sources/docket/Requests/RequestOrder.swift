internal import ArgumentParser
internal import DocketClient

/// In which order requests are listed.
enum RequestOrder: String, ExpressibleByArgument, CaseIterable {
    /// By number, as the server gives them.
    case opened
    /// Whose contact has waited longest comes first, those where nobody waits last.
    case waiting
    /// What changed last comes first.
    case changed
    /// The most urgent comes first, and of equally urgent ones, whose contact has waited longest.
    case priority

    /// Sorts requests that come by number.
    ///
    /// - Parameters:
    ///   - requests: The requests.
    ///   - ranks: The places of the priorities by their keys; a higher one is more urgent.
    /// - Returns: All of them; those that are equal in this order stay by number.
    func sorted(_ requests: [SupportRequest], ranks: [String: Int]) -> [SupportRequest] {
        func rank(_ request: SupportRequest) -> Int {
            request.details.priority.flatMap { ranks[$0] } ?? .min
        }
        func waiting(_ request: SupportRequest) -> UInt64 {
            request.waitingSince?.millisecondsSinceEpoch ?? .max
        }
        switch self {
        case .opened: return requests
        case .waiting:
            return requests.sorted { (waiting($0), $0.number) < (waiting($1), $1.number) }
        case .changed:
            return requests.sorted {
                ($1.changedAt.millisecondsSinceEpoch, $0.number)
                    < ($0.changedAt.millisecondsSinceEpoch, $1.number)
            }
        case .priority:
            return requests.sorted {
                (rank($1), waiting($0), $0.number) < (rank($0), waiting($1), $1.number)
            }
        }
    }
}
