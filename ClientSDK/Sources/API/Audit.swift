internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Who did what, and whether the log is what was written.
///
/// For administrators; supervisors list entries too.
public struct Audit: Sendable {
    /// How long a verification may take if nothing else is said: some hundred million entries.
    public static let verificationLimit = Duration.seconds(3_600)

    let client: DocketClient

    /// Lists entries of the log, the oldest first.
    ///
    /// - Parameters:
    ///   - number: Only those of the request with this number; nil for all.
    ///   - offset: Only entries above this.
    ///   - count: How many at most, 1 to 200.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        requestNumber number: UInt64? = nil,
        after offset: UInt64 = 0,
        limit count: Int = 50
    ) async throws(DocketClientError) -> AuditPage {
        let call = Docket_V1_ListAuditCall.with {
            if let number { $0.requestNumber = number }
            $0.afterOffset = offset
            $0.limit = UInt32(clamping: count)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AuditCaller(channel: channel).list(call, options: options)
        }
        return AuditPage(
            entries: reply.entries.map(AuditEntry.init),
            upTo: reply.toOffset,
            hasMore: reply.more
        )
    }

    /// Goes through the whole log and tells what was altered since it was written.
    ///
    /// The last step is the conclusion. A verification that breaks off is begun anew over the next
    /// connection; each finding is told once, and the progress never goes back.
    ///
    /// - Parameter limit: How long to try, from the first step on.
    /// - Returns: The steps, for one reader. They fail with `DocketClientError` if there is no
    ///   conclusion in time, or the server refuses.
    public func verify(
        within limit: Duration = verificationLimit
    ) -> AuditVerification {
        AuditVerification(engine: client.engine, limit: limit)
    }
}

extension AuditEntry {
    fileprivate init(_ entry: Docket_V1_AuditEntry) {
        self.init(
            offset: entry.offset,
            event: entry.hasEvent ? Event(entry.event, offset: entry.offset) : nil
        )
    }
}
