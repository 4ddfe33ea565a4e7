/// Reads the chain over the digests of the log's entries.
package protocol AuditReading {
    /// The chain over the digests of the log's entries, as far as it goes.
    func auditChain() throws(StoreError) -> AuditChain
    /// The values of the chain that are kept for good above one offset and up to another, by
    /// offset.
    func auditCheckpoints(
        after offset: UInt64,
        through last: UInt64
    ) throws(StoreError) -> [AuditChain]
    /// The oldest entries above an offset, with their digests.
    func auditEntries(after offset: UInt64, limit: Int) throws(StoreError) -> [AuditEntry]
}
