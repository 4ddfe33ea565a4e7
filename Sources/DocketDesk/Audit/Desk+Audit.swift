internal import DocketDomain
package import DocketMessages
package import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// Of what to list the entries of the log.
package enum AuditScope: Hashable, Sendable {
    /// Of everything.
    case everything
    /// Of one request, by its number.
    case request(number: UInt64)
}

/// A page of entries of the log.
package struct AuditPage: Sendable {
    /// The entries by ascending offset; without an event where it was erased.
    package let entries: [(offset: UInt64, event: Docket_V1_Event?)]
    /// Everything asked for up to this offset is in the page.
    package let to: UInt64
    /// Whether there is more above it.
    package let hasMore: Bool
}

extension Desk {
    /// Begins to verify the log as it is now.
    package func beginAudit(
        hash: @escaping AuditHash
    ) async throws(QueryError) -> AuditVerifier {
        try await queryLog { reading throws(QueryError) -> AuditVerifier in
            try storing { () throws(StoreError) in try AuditVerifier(of: reading, hash: hash) }
        }
    }

    /// Verifies the next page of the log.
    ///
    /// - Returns: The verifier behind it and what was altered; `nil` behind the last page.
    package func continueAudit(
        _ verifier: AuditVerifier
    ) async throws(QueryError) -> (verifier: AuditVerifier, findings: [AuditFinding])? {
        try await queryLog { reading throws(QueryError) in
            try storing { () throws(StoreError) in
                var verifier = verifier
                guard let findings = try verifier.checkPage(of: reading) else { return nil }
                return (verifier, findings)
            }
        }
    }

    /// Lists entries of the log above an offset, the oldest first.
    ///
    /// More entries than the longest page has count as that. Of a request, no more than so many
    /// pages of its conversation are looked through at a time: a page may then be empty although
    /// there are more.
    package func auditEntries(
        of scope: AuditScope,
        after offset: UInt64,
        limit: Int
    ) async throws(QueryError) -> AuditPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let pages = limits.readsForPage
        return try await query { reading throws(QueryError) -> AuditPage in
            switch scope {
            case .everything:
                return try storing { () throws(StoreError) in
                    try AuditPage(in: reading, after: offset, limit: count)
                }
            case .request(let number):
                let request = try storing { () throws(StoreError) in
                    try reading.request(number: number)
                }
                guard let request else { throw .notFound }
                return try storing { () throws(StoreError) in
                    try AuditPage(of: request, in: reading, after: offset, limit: count, pages)
                }
            }
        }
    }
}

extension AuditPage {
    fileprivate init(
        in reading: any StoreReading,
        after offset: UInt64,
        limit: Int
    ) throws(StoreError) {
        let found = try reading.auditEntries(after: offset, limit: limit + 1)
        let page = found.prefix(limit)
        self.init(
            entries: page.map { ($0.offset, $0.event.flatMap(Self.event)) },
            to: page.last?.offset ?? offset,
            hasMore: found.count > limit
        )
    }

    /// Looks through the conversation of a request for its entries.
    fileprivate init(
        of request: SupportRequest,
        in reading: any StoreReading,
        after offset: UInt64,
        limit: Int,
        _ pages: Int
    ) throws(StoreError) {
        let id = request.id.data
        var entries: [(offset: UInt64, event: Docket_V1_Event?)] = []
        var last = offset
        for _ in 0..<pages {
            let page = try reading.entries(
                in: request.conversation,
                .after(last),
                limit: limit,
                for: .staff
            )
            for entry in page {
                let event = Self.event(entry.event)
                if event?.requestID == id { entries.append((entry.offset, event)) }
                last = entry.offset
                if entries.count == limit { break }
            }
            if entries.count == limit || page.count < limit {
                let hasMore = entries.count == limit
                self.init(entries: entries, to: last, hasMore: hasMore)
                return
            }
        }
        self.init(entries: entries, to: last, hasMore: true)
    }

    /// The event of an entry; an erased one has none.
    private static func event(_ encoded: Data) -> Docket_V1_Event? {
        guard !encoded.isEmpty else { return nil }
        return try? Docket_V1_Event(serializedBytes: encoded)
    }
}
