internal import DocketClient
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
        let named = try await get(number: number)
        guard let survivor = named.details.mergedInto else { return named }
        return try await get(survivor.id)
    }

    /// Of those that nobody has, the one whose contact has waited longest; nil where nobody waits.
    ///
    /// - Parameter other: A request that is not meant.
    /// - Returns: The request; `nil` where nobody waits.
    /// - Throws: What the library reports.
    func nextWaiting(
        besides other: RequestID? = nil
    ) async throws(DocketClientError) -> SupportRequest? {
        var selection = RequestSelection(.nobodys)
        selection.isWaitingOnly = true
        var first: SupportRequest?
        var page: PageToken?
        repeat {
            let found = try await list(selection, limit: 200, page: page)
            for request in found.requests where request.id != other {
                if Self.waits(request, longerThan: first) { first = request }
            }
            page = found.next
        } while page != nil && first == nil
        return first
    }

    private static func waits(
        _ request: SupportRequest,
        longerThan other: SupportRequest?
    ) -> Bool {
        guard let since = request.waitingSince else { return false }
        guard let other = other?.waitingSince else { return true }
        return since.millisecondsSinceEpoch < other.millisecondsSinceEpoch
    }
}
