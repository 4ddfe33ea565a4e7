internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Audit`.
package struct AuditHandler: AuditService {
    private let desk: Desk

    /// Serves the audit of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func verify(
        _ call: Docket_V1_VerifyAuditCall,
        replies: ReplyWriter<Docket_V1_VerifyAuditStep>,
        context: CallContext
    ) async throws(RPCError) {
        // A hash of its own: the desk's writer is not to wait for it.
        let hash = AuditHashes.openSSL()
        var verifier = try await asking { () async throws(QueryError) in
            try await desk.beginAudit(hash: hash)
        }
        var count: UInt64 = 0
        while let next = try await asking({ () async throws(QueryError) in
            try await desk.continueAudit(verifier)
        }) {
            verifier = next.verifier
            count += UInt64(next.findings.count)
            try await write(next.findings, to: replies)
            try await replies.write(
                .with {
                    $0.progress.checkedOffset = verifier.offset
                    $0.progress.headOffset = verifier.head.offset
                }
            )
        }
        let last = verifier.finish()
        try await write(last, to: replies)
        try await replies.write(
            .with {
                $0.conclusion.entries = verifier.entries
                $0.conclusion.erased = verifier.erased
                $0.conclusion.findings = count + UInt64(last.count)
                $0.conclusion.headOffset = verifier.head.offset
                $0.conclusion.headValue = verifier.head.value.data
            }
        )
    }

    private func write(
        _ findings: [AuditFinding],
        to replies: ReplyWriter<Docket_V1_VerifyAuditStep>
    ) async throws(RPCError) {
        for finding in findings {
            try await replies.write(.with { $0.finding = Docket_V1_AuditFinding(finding) })
        }
    }

    package func list(
        _ call: Docket_V1_ListAuditCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListAuditReply {
        let limit = try pageLimit(call.limit)
        let scope = try await scope(call.of)
        let page = try await asking { () async throws(QueryError) in
            try await desk.auditEntries(of: scope, after: call.afterOffset, limit: limit)
        }
        var reply = Docket_V1_ListAuditReply()
        reply.entries = page.entries.map { entry in
            .with {
                $0.offset = entry.offset
                if let event = entry.event { $0.event = event }
            }
        }
        reply.toOffset = page.to
        reply.more = page.hasMore
        return reply
    }

    private func scope(
        _ of: Docket_V1_ListAuditCall.OneOf_Of?
    ) async throws(RPCError) -> AuditScope {
        switch of {
        case nil: return .everything
        case .requestNumber(let number): return .request(number: number)
        case .requestID(let bytes):
            let id: RequestID = try identifier(bytes, "request_id")
            let request = try await asking { () async throws(QueryError) in
                try await desk.request(id)
            }
            return .request(number: request.number)
        }
    }
}

extension Docket_V1_AuditFinding {
    fileprivate init(_ finding: AuditFinding) {
        self.init()
        fromOffset = finding.offsets.lowerBound
        throughOffset = finding.offsets.upperBound
        kind =
            switch finding {
            case .contentChanged: .findingContentChanged
            case .digestsAltered: .findingDigestsAltered
            case .entriesMissing: .findingEntriesMissing
            case .entriesUnchained: .findingEntriesUnchained
            case .checkpointMissing: .findingCheckpointMissing
            }
    }
}
