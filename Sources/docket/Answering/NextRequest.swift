internal import DocketClient
internal import DocketConsole
internal import Synchronization

/// The request to which the program goes on when a session ends.
final class NextRequest: Sendable {
    private let request = Mutex<SupportRequest?>(nil)

    /// Goes on with a request.
    func set(_ next: SupportRequest) {
        request.withLock { $0 = next }
    }

    /// The request to go on with; nil where the program ends.
    var value: SupportRequest? { request.withLock { $0 } }
}

extension Requests {
    /// The request with a number, or where it was merged, the one that has its content.
    func survivor(number: UInt64) async throws(DocketClientError) -> SupportRequest {
        let named = try await numbered(number)
        guard let survivor = named.details.mergedInto else { return named }
        return try await get(survivor.id)
    }

    /// Requests of which the one that waits longest is chosen: a desk with more that nobody has
    /// needs other help, and the server knows the order by number alone.
    static let mostCompared = 5_000

    /// Of those that nobody has, the one whose contact has waited longest.
    ///
    /// Of more than `mostCompared` that wait, it is the one of the first that were opened.
    ///
    /// - Parameter other: A request that is not meant.
    /// - Returns: The request; `nil` where nobody waits.
    /// - Throws: What the library reports.
    func nextWaiting(
        besides other: RequestID? = nil
    ) async throws(DocketClientError) -> SupportRequest? {
        var selection = RequestSelection(.nobodys)
        selection.isWaitingOnly = true
        return try await list(selection, atMost: Self.mostCompared).longestWaiting(besides: other)
    }
}

extension Listing<SupportRequest> {
    /// The request whose contact has waited longest, the first of several; `nil` where nobody
    /// waits.
    func longestWaiting(besides other: RequestID? = nil) -> SupportRequest? {
        items.filter { $0.id != other && $0.waitingSince != nil }
            .min { Self.beginning(of: $0) < Self.beginning(of: $1) }
    }

    private static func beginning(of request: SupportRequest) -> UInt64 {
        request.waitingSince?.millisecondsSinceEpoch ?? .max
    }
}
