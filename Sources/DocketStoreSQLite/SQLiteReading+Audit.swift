internal import DocketStore
internal import Foundation

extension SQLiteReading {
    func auditChain() throws(StoreError) -> AuditChain { try storedAuditChain() }

    func storedAuditChain() throws(StoreError) -> AuditChain {
        let chain = try row(Statements.auditChain, []) { row in
            row.isNull(1)
                ? AuditChain.start
                : AuditChain(offset: row.unsigned(0), value: try row.chainValue(1))
        }
        let last = try row(Statements.lastChain, []) { row in
            row.isNull(1)
                ? nil : AuditChain(offset: row.unsigned(0), value: try row.chainValue(1))
        }
        let kept = chain ?? .start
        guard let last = last ?? nil, last.offset > kept.offset else { return kept }
        return last
    }

    func auditCheckpoints(
        after offset: UInt64,
        through last: UInt64
    ) throws(StoreError) -> [AuditChain] {
        try rows(Statements.auditCheckpoints, [.number(offset), .number(last)]) { row in
            AuditChain(offset: row.unsigned(0), value: try row.chainValue(1))
        }
    }

    func auditEntries(after offset: UInt64, limit: Int) throws(StoreError) -> [AuditEntry] {
        try rows(Statements.auditEntries, [.number(offset), .number(limit)]) { row in
            AuditEntry(
                offset: row.unsigned(0),
                digest: Digest(row.blob(1)),
                event: row.isNull(2) ? row.blob(3) : nil
            )
        }
    }
}

extension StatementRow {
    /// A value of the chain.
    fileprivate func chainValue(_ column: Int32) throws -> Digest {
        guard let digest = Digest(blob(column)) else {
            throw StoreError.corrupted("a value of the chain is none")
        }
        return digest
    }
}
