/// Reads the entries and kept values that a verification looks at.
extension AuditVerifier {
    /// How many entries are looked at before others have their turn: some milliseconds of work.
    package static let pageEntries = 1_024

    /// Prepares to verify a whole log.
    package init(of reading: any StoreReading, hash: @escaping AuditHash) throws(StoreError) {
        let chain = try reading.auditChain()
        // What is without a digest was written by an earlier version: the next start completes it.
        let next = try reading.auditEntries(after: chain.offset, limit: 1).first
        let last = next?.digest == nil ? chain.offset : try reading.position().head
        self.init(upTo: chain, last: last, hash: hash)
    }

    /// Looks at the next page.
    ///
    /// - Returns: What was altered; `nil` behind the last page.
    package mutating func checkPage(
        of reading: any StoreReading
    ) throws(StoreError) -> [AuditFinding]? {
        guard offset < head.offset else { return nil }
        let page = try reading.auditEntries(after: offset, limit: Self.pageEntries)
        guard let last = page.last?.offset, page[0].offset <= head.offset else { return nil }
        return check(page, try reading.auditCheckpoints(after: offset, through: last))
    }

    /// Verifies a whole log at once, and tells each finding.
    package static func verify(
        _ reading: any StoreReading,
        hash: @escaping AuditHash,
        _ tell: (AuditFinding) -> Void
    ) throws(StoreError) {
        var verifier = try AuditVerifier(of: reading, hash: hash)
        while let findings = try verifier.checkPage(of: reading) {
            for finding in findings { tell(finding) }
        }
        for finding in verifier.finish() { tell(finding) }
    }
}
