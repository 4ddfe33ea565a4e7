package import DocketDesk
package import DocketDomain

extension Desk {
    /// The messages of a request, as the staff reads them.
    package func messages(
        of request: RequestID,
        after sequence: UInt64,
        limit: Int
    ) async throws(QueryError) -> MessagePage {
        try await messages(of: request, for: .desk, after: sequence, limit: limit)
    }
}
